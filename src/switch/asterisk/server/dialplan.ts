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

; Callers on a trunk.
[${entrances.caller}]
${entrance(application, 'caller')}
; Callers on the page /caller.
[${entrances.visitor}]
${entrance(application, 'visitor')}
; Agents' softphones: the service decides what they may ring. Without it: nothing (cause 42, 503).
[${entrances.desk}]
exten => _[+*#0-9]!,1,Stasis(${application},desk,\${FILTER(+*#0-9,\${EXTEN})})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?away)
 same => n,Hangup()
 same => n(away),Hangup(42)

; The service is away. The caller is told, hears music, and is handed over as soon as it is back.
[${fallbackContext}]
exten => _[+0-9]!,1,Answer(,i)
 same => n,Set(GRUPPNUMMER_WAITING=\${EPOCH})
 same => n,Playback(${sound(options, 'away')})
 same => n(ask),Stasis(${application},\${GRUPPNUMMER_ENTRANCE},${dialled})
 same => n,GotoIf($["\${STASISSTATUS}" != "FAILED"]?end)
 same => n,GotoIf($[\${EPOCH} - \${GRUPPNUMMER_WAITING} > ${String(longestWait)}]?sorry)
${fallbackTelephone(options)} same => n(music),MusicOnHold(${musicClass},${String(askAgain)})
 same => n,Goto(ask)
 same => n(sorry),Playback(${sound(options, 'sorry')})
 same => n(end),Hangup()
`
}

/** Only digits and + come from what was dialled into our arguments. */
const dialled = '${FILTER(+0-9,${EXTEN})}'

function entrance(application: string, kind: 'caller' | 'visitor'): string {
  return `exten => _[+0-9]!,1,Set(GRUPPNUMMER_ENTRANCE=${kind})
 same => n,Stasis(${application},${kind},${dialled})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?${fallbackContext},${dialled},1)
 same => n,Hangup()
`
}

/** The one place that dials out by itself, to the one number that the administrator named. */
function fallbackTelephone({ fallbackNumber, trunks: [trunk] }: ServerOptions): string {
  if (fallbackNumber === undefined || !trunk) return ''
  return ` same => n,GotoIf($[\${EPOCH} - \${GRUPPNUMMER_WAITING} < ${String(patience)}]?music)
 same => n,Dial(PJSIP/${fallbackNumber}@${trunk.name},${String(fallbackRing)},m(${musicClass}))
 same => n,GotoIf($["\${DIALSTATUS}" = "ANSWER"]?end)
`
}

/** Without its ending, as Playback wants it. */
const sound = ({ directory, language }: ServerOptions, name: 'away' | 'sorry') =>
  `${directory}/sounds/${name}-${language}`
