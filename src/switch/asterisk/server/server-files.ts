import { dialplan } from './dialplan.ts'
import { modules } from './modules.ts'
import { musicClass } from './names.ts'
import { pjsip } from './pjsip.ts'
import type { ServerOptions } from './server-options.ts'

export interface ServerFile {
  /** Beside the others, such as `pjsip.conf`. */
  readonly name: string
  readonly text: string
  /** Holds a password: for its owner's eyes alone. */
  readonly secret?: true
}

/**
 * The whole configuration of an Asterisk 22 server that the service drives, as files for `/etc/asterisk`; explained
 * line by line in `docs/guides/asterisk.md`. The same options give the same bytes.
 */
export function serverFiles(options: ServerOptions): readonly ServerFile[] {
  const files: readonly ServerFile[] = [
    { name: 'asterisk.conf', text: asterisk(options) },
    { name: 'modules.conf', text: modules() },
    { name: 'logger.conf', text: logger },
    { name: 'http.conf', text: http(options) },
    { name: 'ari.conf', text: ari(options), secret: true },
    { name: 'rtp.conf', text: rtp(options) },
    { name: 'sorcery.conf', text: sorcery },
    { name: 'pjsip.conf', text: pjsip(options), secret: true },
    { name: 'extensions.conf', text: dialplan(options) },
    { name: 'musiconhold.conf', text: musicOnHold(options) },
    { name: 'indications.conf', text: indications },
    ...plain,
    { name: 'gruppnummer.json', text: forTheService(options), secret: true },
  ]
  return files.map((file) => (file.name.endsWith('.conf') ? { ...file, text: `${heading}${file.text}` } : file))
}

const heading = `; Written by "gruppnummer asterisk-config", and explained in docs/guides/asterisk.md.
`

function asterisk({ places, directory }: ServerOptions): string {
  const directories = places
    ? `[directories]
astetcdir => ${directory}
astmoddir => ${places.modules}
astvarlibdir => ${places.data}
astdatadir => ${places.data}
astagidir => ${places.data}/agi-bin
astkeydir => ${places.data}
astdbdir => ${places.database}
astspooldir => ${places.spool}
astrundir => ${places.run}
astlogdir => ${places.log}
astcachedir => ${places.spool}/cache
astsbindir => ${places.programs}

`
    : ''
  return `${directories}[options]
nocolor=yes
; Files and sockets: three or four to a call.
maxfiles=16384
; Something is sent also where nothing is heard, such as while a message is recorded.
transmit_silence=yes
; Prompts are read once.
cache_media_frames=yes
; Nothing that reaches us over the network may run a program.
live_dangerously=no
`
}

const logger = `[general]
dateformat=%F %T.%3q

[logfiles]
console=warning,error
messages.log=notice,warning,error
; One line for each refused request, with its address: for fail2ban.
security.log=security
`

function http({ http: plainly, https }: ServerOptions): string {
  const tls = https
    ? `tlsenable=yes
tlsbindaddr=${https.address}:${String(https.port)}
tlscertfile=${https.certificate}
tlsprivatekey=${https.key}
tlsdisablev1=yes
tlsdisablev11=yes
`
    : ''
  return `[general]
enabled=yes
; Nobody but this machine: whoever reaches ARI and knows its password rules every call.
bindaddr=${plainly.address}
bindport=${String(plainly.port)}
${tls}; One for each softphone, and a few for the service.
sessionlimit=2000
session_inactivity=60000
session_keep_alive=60000
enable_static=no
enable_status=no
`
}

function ari({ ari: { user, password } }: ServerOptions): string {
  return `[general]
enabled=yes
pretty=no
; No browser page may use it.
allowed_origins=
; Milliseconds; a service that reads slowly is not cut off at once.
websocket_write_timeout=1000

[${user}]
type=user
read_only=no
password=${password}
`
}

function rtp({ rtp: { min, max }, outside, iceAddresses = {} }: ServerOptions): string {
  const candidates = Object.entries(iceAddresses)
    .map(([own, told]) => `${own} => ${told}\n`)
    .join('')
  return `[general]
rtpstart=${String(min)}
rtpend=${String(max)}
; The sound of a call is taken from the one who began it alone.
strictrtp=yes
icesupport=yes

; What softphones are told in place of an address of this machine.
[ice_host_candidates]
${candidates}${outside && candidates === '' ? outside.localNetworks.map((network) => `; ${network} => ${outside.address}\n`).join('') : ''}`
}

const sorcery = `; What is in pjsip.conf stays as it is there; the service makes softphones beside it, in the database of Asterisk.
[res_pjsip]
endpoint=config,pjsip.conf,criteria=type=endpoint
endpoint=astdb,ps_endpoint
auth=config,pjsip.conf,criteria=type=auth
auth=astdb,ps_auth
aor=config,pjsip.conf,criteria=type=aor
aor=astdb,ps_aor
contact=astdb,registrar
`

function musicOnHold({ directory }: ServerOptions): string {
  return `[general]
cachertclasses=no

; For callers who wait while the service is away.
[${musicClass}]
mode=files
directory=${directory}/moh

[default]
mode=files
directory=${directory}/moh
`
}

/** Tones of Sweden, ITU-T E.180 supplement 2. */
const indications = `[general]
country=se

[se]
description=Sweden
ringcadence=1000,5000
dial=425
busy=425/250,0/250
ring=425/1000,0/5000
congestion=425/250,0/750
callwaiting=425/200,0/500,425/200,0/9100
dialrecall=425/50,0/50
record=1400/500,0/15000
info=!950/332,!0/24,!1400/332,!0/24,!1800/332,!0/2024,!950/332,!0/24,!1400/332,!0/24,!1800/332
stutter=!425/100,!0/100,!425/100,!0/100,!425/100,!0/100,425
`

/**
 * What Asterisk would tell about every channel, and nobody here reads: each is made into JSON for the service, and thrown away by its
 * filter only then, in the thread that a new caller is told by too.
 */
const declined = [
  'ast_channel_varset_type',
  'ast_channel_dial_type',
  'ast_channel_entered_bridge_type',
  'ast_channel_left_bridge_type',
  'ast_channel_hangup_request_type',
  'ast_channel_hangup_handler_type',
  'ast_channel_moh_start_type',
  'ast_channel_moh_stop_type',
  'ast_rtp_rtcp_sent_type',
  'ast_rtp_rtcp_received_type',
]

const stasis = `[declined_message_types]
${declined.map((type) => `decline=${type}\n`).join('')}`

/** Files that Asterisk wants to find, though there is nothing to say in them. */
const plain: readonly ServerFile[] = [
  // The journal of the service holds what happened.
  { name: 'cdr.conf', text: '[general]\nenable=no\n' },
  { name: 'cel.conf', text: '[general]\nenable=no\n' },
  // No star codes, no transfers by tones: digits belong to the service.
  { name: 'features.conf', text: '[general]\n\n[featuremap]\n' },
  // AMI, which reads and rules everything too, is not offered.
  { name: 'manager.conf', text: '[general]\nenabled=no\n' },
  { name: 'stasis.conf', text: stasis },
  ...['acl', 'websocket_client'].map((name) => ({ name: `${name}.conf`, text: '' })),
  ...['ccss', 'cli', 'cli_permissions', 'codecs', 'dnsmgr', 'pjproject', 'udptl'].map((name) => ({
    name: `${name}.conf`,
    text: '[general]\n',
  })),
]

/** How the service reaches this server. */
function forTheService({
  application,
  http: plainly,
  https,
  ari: { user, password },
  trunks,
  name = 'asterisk',
}: ServerOptions): string {
  const at = https
    ? `https://${https.name ?? https.address}:${String(https.port)}`
    : `http://${plainly.address}:${String(plainly.port)}`
  const server = {
    name,
    url: `${at}/ari`,
    user,
    password,
    application,
    ...(trunks[0] && { trunk: trunks[0].name }),
  }
  return `${JSON.stringify({ servers: [server] }, undefined, 2)}\n`
}
