import { between, seconds } from '../time.ts'
import type { Floor } from './floor.ts'
import type { CallRecord, LevelRecord, Membership } from './state.ts'

/** Whom to ring for this caller now: nobody, one, or, as the strategy says, several. */
export function chooseAgents(floor: Floor, call: CallRecord): readonly Membership[] {
  const levels = openLevels(floor, call)
  const untried = chooseFrom(floor, call, levels, true)
  if (untried.length > 0 || call.offers.length > 0 || call.tried.size === 0) return untried
  const nextRound = chooseFrom(floor, call, levels, false)
  if (nextRound.length > 0) call.tried.clear()
  return nextRound
}

/** The levels this caller may be offered to now, lowest first. */
function openLevels({ now }: Floor, { group, arrived, offers }: CallRecord): readonly LevelRecord[] {
  const { escalateSeconds } = group.settings
  if (escalateSeconds !== null) {
    const waited = between(arrived, now)
    return group.levels.filter(({ level }) => waited >= (level - 1) * seconds(escalateSeconds))
  }
  if (offers.length === 0 || group.levels.length <= 1) return group.levels
  const ringing = Math.max(...offers.map(({ level }) => level))
  return group.levels.filter(({ level }) => level <= ringing)
}

function chooseFrom(
  floor: Floor,
  call: CallRecord,
  levels: readonly LevelRecord[],
  onlyUntried: boolean,
): readonly Membership[] {
  const { group } = call
  const { rings } = group.strategy
  const allLevels = rings === 'all' && (group.settings.escalateSeconds !== null || call.offers.length > 0)
  const chosen: Membership[] = []
  for (const level of levels) {
    if (level.free.count === 0) continue
    const setAside = barred(floor, call, level, onlyUntried)
    for (const { place } of setAside) level.free.remove(place)
    if (rings === 'all') chosen.push(...everyFree(level))
    else if (level.free.count > 0) {
      const place = group.strategy.choose(level.free, {
        lastOffered: placeOf(level, group.lastOffered),
        draw: () => floor.draw(),
      })
      const membership = level.members[place]
      if (membership !== undefined) chosen.push(membership)
    }
    for (const { place, key, weight } of setAside) level.free.add(place, key, weight)
    if (chosen.length > 0 && !allLevels) break
  }
  return chosen
}

interface SetAside {
  readonly place: number
  readonly key: number
  readonly weight: number
}

/** The free agents of the level who may not be rung for this caller. */
function barred(floor: Floor, call: CallRecord, level: LevelRecord, onlyUntried: boolean): readonly SetAside[] {
  if (call.tried.size === 0 && call.declined.size === 0) return []
  const barred = new Set(onlyUntried ? call.tried : [])
  for (const [agent, until] of call.declined) if (until > floor.now) barred.add(agent)
  const setAside: SetAside[] = []
  for (const id of barred) {
    const membership = call.group.members.get(id)
    if (membership?.level !== level || !level.free.has(membership.place)) continue
    const { place } = membership
    setAside.push({ place, key: level.free.keyAt(place), weight: level.free.weightAt(place) })
  }
  return setAside
}

function everyFree(level: LevelRecord): readonly Membership[] {
  const free: Membership[] = []
  for (let place = level.free.firstPlace(); place >= 0; place = level.free.firstAfter(place)) {
    const membership = level.members[place]
    if (membership !== undefined) free.push(membership)
  }
  return free
}

/** The last place in this level at or before `order` in the member order of the group number; -1: none. */
function placeOf({ members }: LevelRecord, order: number): number {
  let low = 0
  let high = members.length
  while (low < high) {
    const middle = (low + high) >> 1
    const there = members[middle]
    if (there !== undefined && there.order <= order) low = middle + 1
    else high = middle
  }
  return low - 1
}
