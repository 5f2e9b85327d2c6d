import { createHash } from 'node:crypto'
import { serviceNumbersOf } from '../../core/configuration/presets.ts'
import type { AgentId, Configuration, E164, MessageId } from '../../core/configuration/types.ts'
import { isEmergency } from '../../core/routing/emergency-number.ts'
import { sipRealm } from '../../contract/softphone.ts'
import type { CallerAccount, PhoneAgent, SipAccount, Sound, SwitchSetup, Trunk } from '../../contract/switch.ts'
import { numberSounds } from './number-sounds.ts'

export interface SetupSources {
  readonly configuration: Configuration
  /** Absolute, of a message's `file`; throws for one that is refused, which the switch then never hears of. */
  readonly soundPath: (file: string) => string
  /** The agents that somebody signs in as. */
  readonly agents: readonly AgentId[]
  readonly softphoneSecret: (agent: AgentId) => Promise<string>
  /** Whether this number outside may be rung. */
  readonly mayRing: (number: E164) => boolean
  readonly callers: readonly CallerAccount[]
  readonly trunks: readonly Trunk[]
}

/** What the switch must know of the configuration and the accounts. */
export async function switchSetup(sources: SetupSources): Promise<SwitchSetup> {
  const { configuration, callers, trunks } = sources
  const service = Object.values(serviceNumbersOf(configuration.company))
  const long = service.flatMap((each) => each.long ?? [])
  const fallback = fallbackMessage(configuration)
  return {
    numbers: configuration.groupNumbers.map(({ number }) => number),
    // Whatever is configured, 112 is the emergency number.
    serviceNumbers: [...service.map(({ short }) => short), ...long].filter((number) => !isEmergency(number as E164)),
    softphones: await Promise.all(softphoneAgents(sources).map((agent) => sipAccount(agent, sources))),
    phones: phoneAgents(sources),
    callers,
    trunks,
    sounds: soundsOf(sources),
    speech: { language: configuration.company.language, numbers: numberSounds(configuration.company.language) },
    ...(fallback !== undefined && { fallback }),
  }
}

/** One message that is lost must not lose the others, nor the callers. */
function soundsOf({ configuration, soundPath }: SetupSources): Record<MessageId, Sound> {
  const sounds: [MessageId, Sound][] = []
  for (const { id, file, sha256 } of configuration.messages)
    try {
      sounds.push([id, { path: soundPath(file), sha256 }])
    } catch {
      // Told to the admins by `watchSounds`.
    }
  return Object.fromEntries(sounds)
}

/**
 * The user part of an agent's address of record: the id where SIP can spell it (RFC 3261 section 25.1), else its hash. One
 * letter alone has a meaning of its own in a dialplan of Asterisk.
 */
export function sipUser(agent: AgentId): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{1,63}$/.test(agent)) return agent
  return `agent-${createHash('sha256').update(agent).digest('hex').slice(0, 32)}`
}

/** Digest's HA1 (RFC 2617 section 3.2.2.2), so that the switch never holds the secret itself. */
export function ha1(user: string, secret: string): string {
  return createHash('md5').update(`${user}:${sipRealm}:${secret}`).digest('hex')
}

function softphoneAgents({ configuration, agents }: SetupSources): AgentId[] {
  const known = new Set(configuration.agents.map(({ id }) => id))
  return [...new Set(agents)].filter((agent) => known.has(agent))
}

/** Rung over the trunk at their own number; one that may not be rung is never ready, so that nobody is sent there. */
function phoneAgents({ configuration: { agents }, mayRing }: SetupSources): PhoneAgent[] {
  return agents
    .filter(({ answersAt, phone }) => answersAt === 'phone' && mayRing(phone))
    .map(({ id, phone }) => ({ agent: id, number: phone }))
}

async function sipAccount(agent: AgentId, { configuration, softphoneSecret }: SetupSources): Promise<SipAccount> {
  const user = sipUser(agent)
  const number = configuration.agents.find(({ id }) => id === agent)?.phone
  return { agent, user, ha1: ha1(user, await softphoneSecret(agent)), ...(number && { number }) }
}

/** What a waiting caller hears before being released: that something is wrong, in the company's language. */
function fallbackMessage({ company, messages }: Configuration): MessageId | undefined {
  const ours = messages.filter(({ origin, language }) => origin === 'prerecorded' && language === company.language)
  return (ours.find(({ kind }) => kind === 'overflow') ?? ours.find(({ kind }) => kind === 'closed'))?.id
}
