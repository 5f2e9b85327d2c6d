/** What an administrator says about the Asterisk server that files are written for. */
export interface ServerOptions {
  /** The ARI application that the service takes calls as. */
  readonly application: string
  /** Where these files will lie on the Asterisk server, absolute. */
  readonly directory: string
  /** The places of asterisk.conf; absent: those that Asterisk was built with, such as Debian's. */
  readonly places?: Places
  /** SIP over UDP and TCP, towards the trunks. */
  readonly sip: Listener
  /** SIP over TLS, towards the trunks, on `sip.address`. */
  readonly sipTls?: { readonly port: number } & Certificate
  readonly rtp: { readonly min: number; readonly max: number }
  /** ARI and the softphones' SIP over WebSocket, without TLS: on loopback only. */
  readonly http: Listener
  /** The same with TLS, for a service on another machine, which knows it by `name` (of the certificate). */
  readonly https?: Listener & Certificate & { readonly name?: string }
  readonly ari: { readonly user: string; readonly password: string }
  /** Where the service reaches this server from. Preset: 127.0.0.1. */
  readonly services: readonly string[]
  /** Behind a router with network address translation: the address that the trunk and the softphones see. */
  readonly outside?: { readonly address: string; readonly localNetworks: readonly string[] }
  /** Own address to the one that softphones are told, for ICE. */
  readonly iceAddresses?: Readonly<Record<string, string>>
  readonly trunks: readonly TrunkOptions[]
  /** Of no other server under the same service. @default asterisk */
  readonly name?: string
  /** The others: their callers are put through to softphones here, and ours to those there. */
  readonly peers?: readonly PeerOptions[]
  /** A telephone that is rung over the first trunk when the service has been away for a while. */
  readonly fallbackNumber?: string
  readonly language: 'sv' | 'en'
}

export interface PeerOptions {
  readonly name: string
  /** IPv4; SIP over UDP. */
  readonly address: string
  readonly port: number
}

export interface Listener {
  /** IPv4. */
  readonly address: string
  readonly port: number
}

export interface Certificate {
  /** PEM, absolute paths on the Asterisk server. */
  readonly certificate: string
  readonly key: string
}

export interface TrunkOptions {
  /** Its section in pjsip.conf. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly transport: 'udp' | 'tcp' | 'tls'
  /** IPv4 addresses or networks that its requests come from. */
  readonly from: readonly string[]
  /** Where the operator wants a registration. */
  readonly account?: { readonly user: string; readonly password: string }
  /** Seconds between the questions whether it is there; 0: never asked. */
  readonly qualifySeconds: number
}

/** Absolute directories; `asterisk.conf`, `[directories]`. */
export interface Places {
  readonly modules: string
  /** With `documentation` and `rest-api`, as the package brings them. */
  readonly data: string
  readonly database: string
  readonly spool: string
  readonly run: string
  readonly log: string
  readonly programs: string
}
