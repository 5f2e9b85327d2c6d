import type { AgentTold, GroupLive } from '../../contract/console.ts'
import { useWords } from '../shared/use-words.ts'

/** An administrator's "everywhere" is told as several, one after the other within this time, in milliseconds. */
const oneAct = 2000

/** The newest of what others did to an agent's state, in a line: `Cia loggade ut dig från Support 10:42`. */
export function useToldWords() {
  const { t, moment, pauseReason } = useWords()

  return (told: readonly AgentTold[], groups: Readonly<Record<string, GroupLive>>): string | undefined => {
    const last = told.at(-1)
    if (last === undefined) return undefined
    const { by, at, did, reason } = last
    const together = told.filter((each) => each.by === by && each.did === did && at - each.at < oneAct)
    const names = together.flatMap(({ group }) => (group === undefined ? [] : [groups[group]?.name ?? group]))
    const given = { by, time: moment(at), groups: names.join(', ') }
    if (did === 'loggedIn' || did === 'loggedOut') {
      const everywhere = together.some(({ group }) => group === undefined)
      return t(`desk.told.${did}${everywhere ? 'Everywhere' : ''}`, given)
    }
    if (did === 'paused' && reason !== undefined)
      return t('desk.told.pausedFor', { ...given, reason: pauseReason(reason) })
    return t(`desk.told.${did}`, given)
  }
}
