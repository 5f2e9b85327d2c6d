import { againHeader, agentHeader, offerHeader } from '../../../contract/softphone.ts'
import {
  aloneContext,
  calledVariable,
  callerVariable,
  entrances,
  entranceVariable,
  fallbackContext,
  legsContext,
  musicClass,
  peersContext,
  refusalContext,
  seenVariable,
  softphoneMark,
} from './names.ts'
import type { ServerOptions } from './server-options.ts'

/** How long the service may take to say that it has seen a call, seconds. */
const firstSign = 6
/** How long a caller waits in the fallback before the last message, seconds. */
const longestWait = 600
/** A caller who waits is offered to the service again this often, seconds. */
const askAgain = 5
/** How long the service may be away before `fallbackNumber` is rung, and how long that rings, seconds. */
const patience = 20
const fallbackRing = 30
/** Seconds without a sign of life from the service, until who is alone on the line goes to the fallback. */
const lonely = 5
const graceful = 3
/** Seconds; longer than anybody is rung. */
const longestRing = 200
/** How often an agent who has answered is offered to a service that is away, and how long is waited in between, seconds. */
const mostTries = 120
const betweenTries = 0.25
/** Q.850, as Asterisk has it for a leg whose sound has stopped. */
const mediaGone = 44

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
${['[+*#0-9]!', '[a-zA-Z_].'].map((dialled) => desk(dialled, application)).join('')}exten => T,1,Hangup(42)

${options.peers ? peers : ''}; An agent whom the service has rung, and who answers: to the service, or to wait for it for a while.
[${legsContext}]
exten => s,1,Stasis(${application},leg)
 same => n,GotoIf($["\${STASISSTATUS}" != "FAILED"]?end)
 same => n,Set(TRIES=$[0\${TRIES} + 1])
 same => n,GotoIf($[\${TRIES} > ${String(mostTries)}]?end)
 same => n,Wait(${String(betweenTries)})
 same => n,Goto(1)
 same => n(end),Hangup()

; A call that the service refuses, with its status of SIP.
[${refusalContext}]
exten => _XXX,1,PJSIPHangup(\${EXTEN})
 same => n,Hangup()

; The service is away. The caller is told, hears music, and is handed over as soon as it is back.
[${fallbackContext}]
exten => _[+0-9]!,1,Set(TIMEOUT(absolute)=0)
 same => n,Answer(,i)
 same => n,Set(${calledVariable}=${dialled})
 same => n,Set(GRUPPNUMMER_WAITING=\${EPOCH})
 same => n,Playback(${sound(options, 'away')})
 same => n(ask),Set(TIMEOUT(absolute)=${String(firstSign)})
 same => n,Stasis(${application},\${${entranceVariable}},\${CALLERID(pres)},\${GRUPPNUMMER_WAITING})
 same => n,Set(TIMEOUT(absolute)=0)
 same => n,GotoIf($["\${STASISSTATUS}" != "FAILED"]?end)
 same => n,GotoIf($[\${EPOCH} - \${GRUPPNUMMER_WAITING} > ${String(longestWait)}]?sorry)
${fallbackTelephone(options)} same => n(music),MusicOnHold(${musicClass},${String(askAgain)})
 same => n,Goto(ask)
 same => n(sorry),Playback(${sound(options, 'sorry')})
 same => n(end),Hangup()
exten => T,1,Goto(\${${calledVariable}},1)

; Who talked with a caller has hung up or died; not: was hung up by the service. The oldest channel that it was joined to, the
; caller's, goes to the fallback unless the service gives a sign of life for it, or somebody else is in the call. One that the service itself has rung has no
; dialplan to go on in, and is led there when it still says nothing.
[${aloneContext}]
exten => s,1,GotoIf($["\${CHANNEL(hangupsource)}" = "" & "\${HANGUPCAUSE}" != "${String(mediaGone)}"]?end)
 same => n,GotoIf($["\${${callerVariable}}" != ""]?rung)
 same => n,GotoIf($["\${MASTER_CHANNEL(BRIDGEPEER)}" != "" & "\${MASTER_CHANNEL(BRIDGEPEER)}" != "\${CHANNEL(name)}"]?end)
 same => n,Set(MASTER_CHANNEL(TIMEOUT(absolute))=${String(lonely)})
 same => n,Return()
 same => n(rung),Originate(Local/wait@${aloneContext}/n,exten,${aloneContext},look,1,,av(${callerVariable}=\${${callerVariable}}^${calledVariable}=\${${calledVariable}}))
 same => n(end),Return()
exten => wait,1,Answer(,i)
 same => n,Wait(${String(longestRing)})
exten => look,1,Wait(${String(graceful)})
 same => n,GotoIf($[\${EPOCH} - 0\${${seenVariable}} < ${String(graceful)}]?end)
 same => n,Set(STATE=\${IMPORT(\${${callerVariable}},CHANNEL(state))})
 same => n,GotoIf($["\${STATE}" = ""]?end)
 same => n,GotoIf($["\${STATE}" != "Up"]?look,1)
 same => n,ChannelRedirect(\${${callerVariable}},${fallbackContext},\${${calledVariable}},1)
 same => n(end),Hangup()
`
}

/**
 * To the service. It gives a sign of life for everybody who waits; who has had none (T) is taken to the fallback, also from a
 * service that is there but frozen.
 */
function entrance(application: string, kind: 'caller' | 'visitor'): string {
  return `exten => _[+0-9]!,1,MSet(${entranceVariable}=${kind},${calledVariable}=${dialled},TIMEOUT(absolute)=${String(firstSign)})
 same => n,Stasis(${application},${kind},\${CALLERID(pres)})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?${fallbackContext},${dialled},1)
 same => n,Hangup()
exten => T,1,Goto(${fallbackContext},\${${calledVariable}},1)
`
}

/** Of an INVITE to a softphone, which the desk reads. */
const passedHeaders = [offerHeader, agentHeader, againHeader]
const passedVariable = (header: string) => `PASSED_${header.replaceAll('-', '_')}`

const peers = `; Another server of the same service rings a softphone that is registered here; nobody but those that the service has made.
; Who was put through and has not hung up has died, and that server is told so (RFC 3326).
[${peersContext}]
exten => _[a-zA-Z0-9_].,1,Set(USER=\${FILTER(-a-zA-Z0-9_.,\${EXTEN})})
 same => n,GotoIf($["\${PJSIP_ENDPOINT(\${USER},accountcode)}" != "${softphoneMark}"]?nobody)
${passedHeaders
  .map(
    (header) =>
      ` same => n,Set(__${passedVariable(header)}=\${FILTER(-a-zA-Z0-9_.:%/,\${PJSIP_HEADER(read,${header})})})\n`,
  )
  .join('')} same => n,Dial(PJSIP/\${USER},${String(longestRing)},gb(${peersContext}-headers^s^1))
 same => n,GotoIf($["\${DIALSTATUS}" = "ANSWER"]?over)
 same => n,Set(WHY=\${HANGUPCAUSE(\${HANGUPCAUSE_KEYS()},tech)})
 same => n,GotoIf($[\${REGEX("^SIP [4-6][0-9][0-9] " \${WHY} )}]?refused)
 same => n,Hangup(\${HANGUPCAUSE})
 same => n(refused),PJSIPHangup(\${WHY:4:3})
 same => n(over),Hangup($["\${CHANNEL(hangupsource)}" = "" ? ${String(mediaGone)} :: 16])
 same => n(nobody),Hangup(20)

[${peersContext}-headers]
exten => s,1,NoOp()
${passedHeaders
  .map(
    (
      header,
      at,
    ) => ` same => n(header${String(at)}),GotoIf($["\${${passedVariable(header)}}" = ""]?header${String(at + 1)})
 same => n,Set(PJSIP_HEADER(add,${header})=\${${passedVariable(header)}})
`,
  )
  .join('')} same => n(header${String(passedHeaders.length)}),Return()

`

/** A number, or the name of a colleague; one letter alone has a meaning of its own in a dialplan. */
function desk(dialled: string, application: string): string {
  return `exten => _${dialled},1,Set(TIMEOUT(absolute)=${String(firstSign)})
 same => n,Stasis(${application},desk)
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?away)
 same => n,Hangup()
 same => n(away),Hangup(42)
`
}

/** Only digits and + come from what was dialled into our arguments. */
const dialled = '${FILTER(+0-9,${EXTEN})}'

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
