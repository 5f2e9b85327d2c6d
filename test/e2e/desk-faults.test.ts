import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { AgentId } from '../../src/core/configuration/types.ts'
import type { UdpCaller } from '../switch/embedded/udp-caller.ts'
import { openNumber, type Tone } from './support/company.ts'
import type { ConsoleAsks } from './support/console-asks.ts'
import type { Desk } from './support/desk.ts'
import { heard, numbers, openOffice, type Office } from './support/office.ts'
import { peers, testWith } from './support/peers.ts'
import type { Snippet } from './support/tones.ts'
import { answerTo, inDialog, kindOf, openWire, type SipOnWire, type Wire } from './support/wire.ts'

const soon = { timeout: 15_000, interval: 50 }

let office: Office
let asks: ConsoleAsks
/** Between Anna's browser and the service. */
let wire: Wire
let anna: Desk
let ben: Desk
let callers: UdpCaller[] = []
/** Without them every scene is skipped. */
const possible = peers.chromium !== undefined

beforeAll(async () => {
  if (!possible) return
  wire = await openWire()
  office = await openOffice()
  asks = await office.asks()
  ;[anna, ben] = await Promise.all([office.desk('anna', { proxy: wire.server }), office.desk('ben')])
  for (const { page } of [anna, ben]) page.setDefaultTimeout(15_000)
})
afterAll(async () => {
  if (!possible) return
  await office.close()
  await wire.close()
})

/** Nobody is in a call, and the network is sound. */
afterEach(async () => {
  if (!possible) return
  wire.rule(undefined)
  wire.mend()
  for (const caller of callers) if (caller.state !== 'ended') await caller.hangsUp()
  callers = []
  await asks.endCalls()
  for (const agent of ['anna', 'ben'] as AgentId[]) await asks.ask({ type: 'logIn', agent })
  await Promise.all([anna, ben].map(rests))
})

async function rests({ page }: Desk) {
  await page.getByText('The phone is connected').waitFor()
  await page.getByText('Ready for calls').waitFor()
}

/** Whoever can be listened to. */
interface Party {
  hears(): readonly Snippet[] | Promise<readonly Snippet[]>
}
async function hears(party: Party, ...tones: readonly Tone[]) {
  await expect.poll(async () => heard(await party.hears()).toSorted(), soon).toEqual(tones.toSorted())
}

/** A caller whom Anna's telephone rings for. */
async function rings(): Promise<UdpCaller> {
  const caller = await office.line(openNumber)
  callers.push(caller)
  await anna.incoming.waitFor()
  return caller
}
async function talks(): Promise<UdpCaller> {
  const caller = await rings()
  await anna.answers()
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
  return caller
}
const press = (name: string) => anna.inCall.getByRole('button', { name, exact: true }).click()
const shows = (words: string) => anna.page.getByText(words).first().waitFor()

/** Whether it is one of the desk's offers in a call that there is. */
const isReinvite = ({ from, text }: SipOnWire) => from === 'desk' && kindOf(text) === 'INVITE' && inDialog(text)

/** Answers the desk's re-INVITEs in the switch's place; the ACK is none of the switch's affair. */
function refuseReinvites(status: number, reason: string, times = Infinity): void {
  let left = times
  const refused = new Set<string>()
  wire.rule((message) => {
    const { text } = message
    const cseq = /^CSeq: (\d+)/im.exec(text)?.[1] ?? ''
    if (message.from === 'desk' && kindOf(text) === 'ACK' && refused.has(cseq)) return
    if (left === 0 || !isReinvite(message)) return message.pass()
    left--
    refused.add(cseq)
    message.back(answerTo(text, status, reason))
  })
}

testWith('chromium')('a call that both sides hold comes back when both have let go, whoever is first', async () => {
  const caller = await talks()
  caller.holds(true)
  await hears(caller.ear)
  await press('Hold')
  await press('Resume')
  await press('Hold')
  caller.holds(false)
  await hears(caller.ear, 'music')
  await hears(anna)
  caller.holds(true)
  await press('Resume')
  caller.holds(false)
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
  await press('Keypad')
  await press('Tone 5')
  await expect.poll(() => caller.ear.keys, soon).toEqual(['5'])
})

testWith('chromium')('both sides hold in one moment: what is refused with 491 is asked again by itself', async () => {
  const caller = await talks()
  refuseReinvites(491, 'Request Pending', 2)
  await press('Hold')
  await hears(caller.ear, 'music')
  refuseReinvites(491, 'Request Pending', 1)
  await press('Resume')
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
})

testWith('chromium')(
  'a hold that the far side refuses is said, leaves the call as it was, and can be asked again',
  async () => {
    const caller = await talks()
    refuseReinvites(488, 'Not Acceptable Here')
    await press('Hold')
    await anna.page.getByRole('alert').getByText('The hold did not get through').waitFor()
    await anna.inCall.getByRole('button', { name: 'Hold', exact: true }).waitFor()
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
    wire.rule(undefined)
    await press('Hold')
    await hears(caller.ear, 'music')
    await press('Resume')
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
  },
)

testWith('chromium')(
  'a call goes on while the sockets are killed, and what was pressed meanwhile is done when they are back',
  async () => {
    const caller = await talks()
    wire.cut()
    await anna.lostContact.first().waitFor()
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
    await press('Hold')
    wire.mend()
    await hears(caller.ear, 'music')
    await shows('The phone is connected')
    await press('Resume')
    await hears(caller.ear, 'anna')
    await caller.hangsUp()
    await anna.inCall.waitFor({ state: 'detached' })
  },
)

testWith('chromium')('a socket that is half-open is found and replaced while the call goes on', async () => {
  const caller = await talks()
  wire.swallow()
  await press('Hold')
  await hears(caller.ear, 'music')
  await press('Resume')
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
})

testWith('chromium')('a caller who hangs up while the socket is half-open does not stay on the desk', async () => {
  const caller = await talks()
  wire.swallow()
  await caller.hangsUp()
  await anna.inCall.waitFor({ state: 'detached' })
})

testWith('chromium')(
  'a call that is hung up while the sockets are cut is over for the caller too, and rings nobody',
  async () => {
    const caller = await talks()
    wire.cut()
    await anna.hangsUp()
    wire.mend()
    await expect.poll(() => caller.state, soon).toBe('ended')
    await rests(anna)
    expect(await ben.missedCalls.getByText('missed').count()).toBe(0)
  },
)

testWith('chromium')('a call that is hung up into a half-open socket is over for the caller too', async () => {
  const caller = await talks()
  wire.swallow()
  await anna.hangsUp()
  await expect.poll(() => caller.state, soon).toBe('ended')
  await rests(anna)
})

testWith('chromium')('a socket lost between ringing and the answer: the answer arrives over the next one', async () => {
  const caller = await rings()
  wire.swallow()
  await anna.answers()
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
})

testWith('chromium')('a desk whose sockets are killed while it rings is rung anew', async () => {
  await asks.ask({ type: 'logOut', agent: 'ben' as AgentId })
  const caller = await rings()
  wire.cut()
  await anna.lostContact.first().waitFor()
  await hears(caller.ear, 'music')
  let rungAnew = false
  wire.rule((message) => {
    if (message.from === 'switch' && kindOf(message.text) === 'INVITE') rungAnew = true
    message.pass()
  })
  wire.mend()
  await expect.poll(() => rungAnew, soon).toBe(true)
  await anna.answers()
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
})

testWith('chromium', 'baresip')(
  'a call out whose socket is lost between 180 and 200 is answered over the next one',
  async () => {
    const telephone = await office.outside(numbers.caller, 'outside')
    const field = anna.page.getByRole('combobox', { name: 'Call a number or a colleague' })
    await field.fill(numbers.caller)
    await field.press('Enter')
    await shows('Ringing …')
    wire.cut()
    await telephone.answers()
    await expect.poll(() => telephone.events, soon).toContain('CALL_ESTABLISHED')
    wire.mend()
    await hears(anna, 'outside')
    await hears(telephone, 'anna')
    telephone.hangUp()
  },
)

testWith('chromium')('a caller who hangs up while the answer is on its way leaves no call at the desk', async () => {
  const caller = await rings()
  const answers: SipOnWire[] = []
  wire.rule((message) => {
    if (message.from === 'desk' && kindOf(message.text) === '200 INVITE') answers.push(message)
    else message.pass()
  })
  await anna.answers()
  await expect.poll(() => answers.length, soon).toBeGreaterThan(0)
  await caller.hangsUp()
  for (const answer of answers) answer.pass()
  wire.rule(undefined)
  await anna.inCall.waitFor({ state: 'detached' })
  await rests(anna)
})

/** In the page: no answer to an offer is taken until `takeAnswers()`. */
function waitWithAnswers() {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const connections = RTCPeerConnection.prototype
  const take: (this: RTCPeerConnection, answer: RTCSessionDescriptionInit) => Promise<void> = Reflect.get(
    connections,
    'setLocalDescription',
  )
  Object.defineProperty(connections, 'setLocalDescription', {
    async value(this: RTCPeerConnection, answer: RTCSessionDescriptionInit) {
      await promise
      return take.call(this, answer)
    },
  })
  Object.assign(window, { takeAnswers: resolve })
}

testWith('chromium')('a caller who hangs up before the answer is made leaves no call at the desk', async () => {
  const caller = await rings()
  await anna.page.evaluate(waitWithAnswers)
  await anna.answers()
  await anna.inCall.getByText('Connecting …').waitFor()
  await caller.hangsUp()
  await anna.page.getByRole('alert').getByText('The call was gone').waitFor()
  await anna.page.evaluate('takeAnswers()')
  await anna.inCall.waitFor({ state: 'detached' })
  await rests(anna)
})

testWith('chromium')(
  'a registrar that forgets the contact in its 200 is tried again, and the call goes on',
  async () => {
    const caller = await talks()
    wire.rule((message) => {
      if (kindOf(message.text) === '200 REGISTER') message.pass(message.text.replace(/^Contact:.*\r\n/m, ''))
      else message.pass()
    })
    wire.cut()
    wire.mend()
    await shows('The phone is not connected')
    await hears(caller.ear, 'anna')
    wire.rule(undefined)
    await shows('The phone is connected')
    await press('Hold')
    await hears(caller.ear, 'music')
  },
)

testWith('chromium')('a desk that slept for a minute in a call finds it gone, and is rung again', async () => {
  const caller = await talks()
  await anna.sleeps(60)
  try {
    await hears(caller.ear, 'music')
    await ben.incoming.waitFor()
    await ben.answers()
    await hears(caller.ear, 'ben')
  } finally {
    anna.wakes()
  }
  await anna.inCall.waitFor({ state: 'detached' })
  await rests(anna)
  await ben.hangsUp()
  await expect.poll(() => caller.state, soon).toBe('ended')
  await talks()
})

testWith('chromium')(
  '[W55] while the service is away the page opens no socket in vain, for which the browser would hold back others',
  async () => {
    const { page } = anna
    const opened: string[] = []
    page.on('websocket', (socket) => opened.push(socket.url()))
    let asked = 0
    await page.route('**/api/health', (route) => {
      asked += 1
      return route.abort()
    })
    wire.cut()
    await shows('No contact with the service')
    await expect.poll(() => asked, soon).toBeGreaterThan(8)
    // The first try of each.
    expect(opened.length).toBeLessThanOrEqual(2)
    await page.unroute('**/api/health')
    wire.mend()
    await rests(anna)
  },
)
