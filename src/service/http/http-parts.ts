import type { CallerCredential } from '../../contract/console.ts'
import type { AdministrationHttp } from '../administration/add-administration.ts'
import type { ConsoleEndpoint } from '../console/console-endpoint.ts'
import type { Log } from '../log.ts'
import type { Accounts, Clock, ConfigurationStore } from '../ports.ts'
import type { SipTunnel } from './sip-tunnel.ts'
import type { VoicemailParts } from './voicemails.ts'

export interface HttpParts {
  readonly listen: Listen
  readonly accounts: Accounts
  readonly store: Pick<ConfigurationStore, 'current' | 'soundPath'>
  readonly consoles: ConsoleEndpoint
  readonly administration: AdministrationHttp
  readonly sip: SipTunnel
  readonly voicemails: VoicemailParts['voicemails']
  /** For the page `/caller`; undefined: too many at once. */
  readonly makeCaller: () => Promise<CallerCredential | undefined>
  health(): { readonly switch: 'attached' | 'lost' }
  /** The built console; undefined or missing: says that it is not built. */
  readonly consoleDirectory: string | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

export interface Listen {
  /** An address or name of this machine. */
  readonly host: string
  /** Tried in this order until one is free; 0 is any. */
  readonly ports: readonly number[]
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string }
}
