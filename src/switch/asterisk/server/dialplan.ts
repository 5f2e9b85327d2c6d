import { entrances, fallbackContext, musicClass } from './names.ts'
import type { ServerOptions } from './server-options.ts'

/** How long a caller waits in the fallback before the last message, seconds. */
const longestWait = 600
/** A caller who waits is offered to the service again this often, seconds. */
const askAgain = 5
/** How long the service may be away before `fallbackNumber` is rung, and how long that rings, seconds. */
const patience = 20
const fallbackRing = 30

/** extensions.conf: every call goes to the service; while that is away, callers wait in the fallback. */
export function dialplan(options: ServerOptions): string {
  const { application } = options
  return `[general]
static=yes
writeprotect=yes
clearglobalvars=yes

; Callers on a trunk. Only digits and a leading + come this far.
[${entrances.caller}]
exten => _[+0-9]!,1,Stasis(${application},caller,\${EXTEN})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?${fallbackContext},\${EXTEN},1)
 same => n,Hangup()

; Callers on the page /caller.
[${entrances.visitor}]
exten => _[+0-9]!,1,Stasis(${application},visitor,\${EXTEN})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?${fallbackContext},\${EXTEN},1)
 same => n,Hangup()

; Agents' softphones: the service decides what they may ring. Without it: nothing (cause 42, 503).
[${entrances.desk}]
exten => _[+*#0-9]!,1,Stasis(${application},desk,\${EXTEN})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?away)
 same => n,Hangup()
 same => n(away),Hangup(42)

; The service is away. The caller is told, hears music, and is handed over as soon as it is back.
[${fallbackContext}]
exten => _[+0-9]!,1,Answer(,i)
 same => n,Set(GN_WAITING=\${EPOCH})
 same => n,Playback(${sound(options, 'away')})
 same => n(wait),MusicOnHold(${musicClass},${String(askAgain)})
 same => n,Stasis(${application},caller,\${EXTEN})
 same => n,GotoIf($["\${STASISSTATUS}" != "FAILED"]?end)
${fallbackTelephone(options)} same => n,GotoIf($[\${EPOCH} - \${GN_WAITING} < ${String(longestWait)}]?wait)
 same => n,Playback(${sound(options, 'sorry')})
 same => n(end),Hangup()
`
}

/** The one place that dials out by itself, to the one number that the administrator named. */
function fallbackTelephone({ fallbackNumber, trunks: [trunk] }: ServerOptions): string {
  if (fallbackNumber === undefined || !trunk) return ''
  return ` same => n,GotoIf($[\${EPOCH} - \${GN_WAITING} < ${String(patience)}]?wait)
 same => n,Dial(PJSIP/${fallbackNumber}@${trunk.name},${String(fallbackRing)},m(${musicClass}))
 same => n,GotoIf($["\${DIALSTATUS}" = "ANSWER"]?end)
`
}

/** Without its ending, as Playback wants it. */
const sound = ({ directory, language }: ServerOptions, name: 'away' | 'sorry') =>
  `${directory}/sounds/${name}-${language}`
