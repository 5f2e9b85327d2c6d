import { sipRealm } from '../../../contract/softphone.ts'
import { entrances, peerEndpoint, peersContext } from './names.ts'
import type { PeerOptions, ServerOptions, TrunkOptions } from './server-options.ts'

/** pjsip.conf: transports, who may speak SIP at all, and the trunks. Softphones are made over ARI and lie in AstDB. */
export function pjsip(options: ServerOptions): string {
  return [
    system,
    allowed(options),
    transports(options),
    trunkTemplate,
    ...options.trunks.map((trunk) => trunkSections(trunk)),
    ...(options.peers ?? []).map(peerSections),
  ].join('\n')
}

const system = `[global]
type=global
user_agent=Gruppnummer
; A trunk is known by its address, a softphone by its user name. Nobody is anonymous.
endpoint_identifier_order=ip,username
; The realm of a challenge is the same whether the user exists or not.
default_realm=${sipRealm}
; Who keeps sending requests that fit nobody is passed over.
unidentified_request_count=5
unidentified_request_period=5
unidentified_request_prune_interval=30
; Asked at once after a start, so that nobody is rung on a line that is dead.
max_initial_qualify_time=1
`

function allowed({ services, trunks, peers = [] }: ServerOptions): string {
  const permitted = [...services, ...trunks.flatMap(({ from }) => from), ...peers.map(({ address }) => address)]
  return `; SIP from any other address is refused, whatever it asks and over whatever transport.
[allowed]
type=acl
deny=0.0.0.0/0.0.0.0
deny=::/0
${permitted.map((address) => `permit=${address.includes('/') ? address : `${address}/32`}`).join('\n')}
`
}

function transports({ sip, sipTls, https, outside }: ServerOptions): string {
  const seen = outside
    ? `external_signaling_address=${outside.address}
external_media_address=${outside.address}
${outside.localNetworks.map((network) => `local_net=${network}\n`).join('')}`
    : ''
  const tls = sipTls
    ? `
[transport-tls]
type=transport
protocol=tls
bind=${sip.address}:${String(sipTls.port)}
cert_file=${sipTls.certificate}
priv_key_file=${sipTls.key}
; Not 1.0 and 1.1 (RFC 8996).
method=tlsv1_2
${seen}`
    : ''
  return `[transport-udp]
type=transport
protocol=udp
bind=${sip.address}:${String(sip.port)}
${seen}
[transport-tcp]
type=transport
protocol=tcp
bind=${sip.address}:${String(sip.port)}
${seen}${tls}
; Softphones. The socket itself belongs to http.conf.
[transport-ws]
type=transport
protocol=ws
bind=127.0.0.1
${seen}${
    https
      ? `
[transport-wss]
type=transport
protocol=wss
bind=127.0.0.1
${seen}`
      : ''
  }`
}

const trunkTemplate = `; What every trunk has in common.
[trunk-endpoint](!)
type=endpoint
context=${entrances.caller}
disallow=all
allow=alaw,ulaw
dtmf_mode=rfc4733
; The sound passes through here, where it is played, bridged and recorded.
direct_media=no
rtp_symmetric=yes
force_rport=yes
; Nobody is hung up for saying nothing: telephones that are muted, or that suppress silence, send no sound. Whether the far
; side is there, it is asked (RFC 4028); and it is sent something also where there is nothing to be heard.
timers=always
timers_sess_expires=180
rtp_keepalive=10
; Whose number it is, the operator says (RFC 3325); it is shown, and gives no rights.
trust_id_inbound=yes
trust_id_outbound=yes
send_pai=yes
; Else the caller gets a re-INVITE when an agent answers.
send_connected_line=no
; A caller cannot move the call elsewhere by REFER.
allow_transfer=no
allow_subscribe=no
`

function trunkSections({ name, host, port, transport, from, account, qualifySeconds }: TrunkOptions): string {
  const address = `sip:${host}:${String(port)}${transport === 'udp' ? '' : `\\;transport=${transport}`}`
  const authentication = account
    ? `outbound_auth=${name}
from_user=${account.user}
`
    : ''
  // The keys of the sound go through TLS, so it is encrypted too (RFC 4568).
  const encryption = transport === 'tls' ? 'media_encryption=sdes\n' : ''
  const registration = account
    ? `
[${name}]
type=auth
auth_type=userpass
username=${account.user}
password=${account.password.replaceAll(';', '\\;')}

[${name}]
type=registration
transport=transport-${transport}
outbound_auth=${name}
server_uri=${address}
client_uri=sip:${account.user}@${host}
contact_user=${account.user}
; Tried for as long as it takes.
retry_interval=30
forbidden_retry_interval=300
max_retries=10000
auth_rejection_permanent=no
`
    : ''
  return `[${name}](trunk-endpoint)
transport=transport-${transport}
aors=${name}
${authentication}${encryption}
[${name}]
type=aor
contact=${address}
qualify_frequency=${String(qualifySeconds)}

[${name}]
type=identify
endpoint=${name}
${from.map((each) => `match=${each}`).join('\n')}
${registration}`
}

/** Another server under the same service. */
function peerSections({ name, address, port }: PeerOptions): string {
  const endpoint = peerEndpoint(name)
  return `; Softphones that are registered there; and those here, for its callers.
[${endpoint}](trunk-endpoint)
transport=transport-udp
context=${peersContext}
aors=${endpoint}
; Who puts the caller on hold is told of there.
moh_passthrough=yes
; A server sends something always, so one that does not has died.
rtp_keepalive=2
rtp_timeout=6
rtp_timeout_hold=6

[${endpoint}]
type=aor
contact=sip:${address}:${String(port)}
qualify_frequency=10

[${endpoint}]
type=identify
endpoint=${endpoint}
match=${address}
`
}
