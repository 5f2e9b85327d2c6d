import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import type { UdpCaller } from '../../switch/embedded/udp-caller.ts'
import { openNumber, type Tone } from './company.ts'
import type { ConsoleAsks } from './console-asks.ts'
import type { Desk } from './desk.ts'
import { heard, numbers, openOffice, type Engine, type Office } from './office.ts'
import { peers, testWith } from './peers.ts'
import type { Snippet } from './tones.ts'
import { answerTo, inDialog, kindOf, openWire, type SipOnWire, type Wire } from './wire.ts'

const outsideNumber = '+46855512345'
const soon = { timeout: 15_000, interval: 50 }

/** Whoever can be listened to. */
interface Party {
  hears(): readonly Snippet[] | Promise<readonly Snippet[]>
}
async function hears(party: Party, ...tones: readonly Tone[]) {
  await expect.poll(async () => heard(await party.hears()).toSorted(), soon).toEqual(tones.toSorted())
}

/** What agents do in calls, and what may go wrong at a desk meanwhile, in one company, whatever the switch. */
export function deskScenes(engine: Engine) {
  const scene = (...names: readonly (keyof typeof peers)[]) =>
    engine === 'asterisk' ? testWith('asterisk', ...names) : testWith(...names)

  let office: Office
  let asks: ConsoleAsks
  /** Between Anna's browser and the service. */
  let wire: Wire
  let anna: Desk
  let ben: Desk
  let callers: UdpCaller[] = []
  /** Without them every scene is skipped. */
  const possible = peers.chromium !== undefined && (engine === 'embedded' || peers.asterisk !== undefined)

  beforeAll(async () => {
    if (!possible) return
    wire = await openWire()
    office = await openOffice({}, { engine })
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

  async function calls({ page }: Desk, whom: string) {
    const field = page.getByRole('combobox', { name: 'Call a number or a colleague' })
    await field.fill(whom)
    await field.press('Enter')
  }

  scene('chromium')(
    'an agent calls a colleague by name: both hear each other, one holds and resumes, and both have it in their history',
    async () => {
      await calls(anna, 'ben')
      await ben.incoming.getByText('Anna').waitFor()
      await shows('Ringing …')
      await ben.answers()
      await hears(anna, 'ben')
      await hears(ben, 'anna')
      await press('Hold')
      await hears(ben, 'music')
      await press('Resume')
      await hears(ben, 'anna')
      await hears(anna, 'ben')
      await ben.hangsUp()
      await anna.page.getByText('Ready for calls').waitFor()
      await anna.missedCalls.getByText('Ben').first().waitFor()
      await ben.missedCalls.getByText('Anna').first().waitFor()
    },
  )

  scene('chromium')('an agent hears themselves, and is told why a number is not called', async () => {
    await anna.page.getByRole('button', { name: 'Echo test' }).click()
    await hears(anna, 'anna')
    await anna.hangsUp()
    await calls(anna, '0900-123456')
    await shows('That number may not be called from here.')
    await anna.page.getByRole('button', { name: 'Close' }).click()
    await anna.page.getByText('Ready for calls').waitFor()
  })

  scene('chromium')(
    'a colleague waits while an agent talks: answered, the caller hears music; taken up again, the colleague does',
    async () => {
      const caller = await talks()
      await calls(ben, 'anna')
      const waiting = anna.page.getByRole('article', { name: /Waiting for you/ })
      await waiting.getByText('Ben').waitFor()
      await hears(caller.ear, 'anna')
      await waiting.getByRole('button', { name: 'Answer' }).click()
      await hears(ben, 'anna')
      await hears(caller.ear, 'music')
      const held = anna.page.getByRole('article', { name: /On hold/ })
      await held.getByRole('button', { name: 'Resume' }).click()
      await hears(caller.ear, 'anna')
      await hears(ben, 'music')
      await anna.hangsUp()
      await expect.poll(() => caller.state, soon).toBe('ended')
      // What was held stands in front now.
      await anna.inCall.getByText('Ben').waitFor()
      await ben.hangsUp()
    },
  )

  scene('chromium')('[W23] an agent whose page is loaded anew in a call is in the call again', async () => {
    const caller = await talks()
    await anna.page.reload()
    await anna.inCall.waitFor()
    await hears(anna, 'caller')
    await hears(caller.ear, 'anna')
    expect(await ben.incoming.count()).toBe(0)
    await press('Hold')
    await hears(caller.ear, 'music')
    await press('Resume')
    await hears(caller.ear, 'anna')
    await anna.hangsUp()
    await expect.poll(() => caller.state, soon).toBe('ended')
  })

  scene('chromium', 'baresip')(
    'a missed caller is rung back with one click, each hears the other, and the keys pressed arrive',
    async () => {
      const caller = await rings()
      await caller.hangsUp()
      await anna.missedCalls.getByText('the caller hung up').first().waitFor()
      const telephone = await office.outside(numbers.caller, 'outside')
      await anna.missedCalls
        .getByRole('button', { name: /^Call / })
        .first()
        .click()
      await telephone.answers()
      await hears(anna, 'outside')
      await hears(telephone, 'anna')
      await press('Keypad')
      await press('Tone 5')
      await expect.poll(() => telephone.events, soon).toContain('CALL_DTMF_START')
      telephone.hangUp()
      await anna.page.getByText('Ready for calls').waitFor()
    },
  )

  scene('chromium')('a call that both sides hold comes back when both have let go, whoever is first', async () => {
    const caller = await talks()
    caller.holds(true)
    // Asterisk sends on to who has it on hold, and is not listened to.
    if (engine === 'embedded') await hears(caller.ear)
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

  scene('chromium')('both sides hold in one moment: what is refused with 491 is asked again by itself', async () => {
    const caller = await talks()
    refuseReinvites(491, 'Request Pending', 2)
    await press('Hold')
    await hears(caller.ear, 'music')
    refuseReinvites(491, 'Request Pending', 1)
    await press('Resume')
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
  })

  scene('chromium')(
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

  scene('chromium')(
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

  scene('chromium')('a socket that is half-open is found and replaced while the call goes on', async () => {
    const caller = await talks()
    wire.swallow()
    await press('Hold')
    await hears(caller.ear, 'music')
    await press('Resume')
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
  })

  scene('chromium')('a caller who hangs up while the socket is half-open does not stay on the desk', async () => {
    const caller = await talks()
    wire.swallow()
    await caller.hangsUp()
    await anna.inCall.waitFor({ state: 'detached' })
  })

  scene('chromium')(
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

  scene('chromium')('a call that is hung up into a half-open socket is over for the caller too', async () => {
    const caller = await talks()
    wire.swallow()
    await anna.hangsUp()
    await expect.poll(() => caller.state, soon).toBe('ended')
    await rests(anna)
  })

  scene('chromium')('a socket lost between ringing and the answer: the answer arrives over the next one', async () => {
    const caller = await rings()
    wire.swallow()
    await anna.answers()
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
  })

  scene('chromium')('a desk whose sockets are killed while it rings is rung anew', async () => {
    await asks.ask({ type: 'logOut', agent: 'ben' as AgentId })
    const caller = await rings()
    wire.cut()
    await anna.lostContact.first().waitFor()
    // Asterisk lets it ring on for a moment.
    if (engine === 'asterisk')
      await ben.page.getByRole('listitem').filter({ hasText: 'Anna' }).getByText('no phone').waitFor()
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

  // Asterisk answers over the socket by which it was asked, or not at all; the desk hears of it in half a minute.
  if (engine === 'embedded')
    scene('chromium', 'baresip')(
      'a call out whose socket is lost between 180 and 200 is answered over the next one',
      async () => {
        const telephone = await office.outside(numbers.caller, 'outside')
        await calls(anna, numbers.caller)
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

  scene('chromium')('a caller who hangs up while the answer is on its way leaves no call at the desk', async () => {
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

  scene('chromium')('a caller who hangs up before the answer is made leaves no call at the desk', async () => {
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

  scene('chromium')(
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

  scene('chromium')('a desk that slept for a minute in a call finds it gone, and is rung again', async () => {
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

  // Whatever the switch.
  if (engine === 'embedded')
    scene('chromium')(
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

  async function transfer(how: 'Transfer now' | 'Ask first') {
    await press('Transfer')
    await anna.page.getByRole('combobox', { name: 'Colleague, group number or number' }).fill('Ben')
    await anna.page.getByRole('button', { name: how }).click()
  }

  async function benHasThe(caller: UdpCaller) {
    await hears(caller.ear, 'ben')
    await hears(ben, 'caller')
    await anna.inCall.waitFor({ state: 'detached' })
    await ben.hangsUp()
    await expect.poll(() => caller.state, soon).toBe('ended')
  }

  // The embedded switch shows these two in files of their own.
  if (engine === 'asterisk') {
    scene('chromium')('a caller is put through to a colleague at once', async () => {
      const caller = await talks()
      await transfer('Transfer now')
      await ben.incoming.waitFor()
      await ben.answers()
      await benHasThe(caller)
    })

    scene('chromium')('a colleague is asked first, and then has the caller', async () => {
      const caller = await talks()
      await transfer('Ask first')
      await hears(caller.ear, 'music')
      await ben.incoming.waitFor()
      await ben.answers()
      await hears(ben, 'anna')
      await hears(anna, 'ben')
      await anna.page.getByRole('button', { name: 'Put together' }).click()
      await benHasThe(caller)
    })
  }

  /** Who is heard; of two loud voices at once the mixture is cut off, and has tones of its own. */
  async function hearsOf(party: Party, ...parties: readonly Tone[]) {
    const named: readonly Tone[] = ['anna', 'caller', 'outside']
    const who = async () => heard(await party.hears()).filter((tone) => named.includes(tone))
    await expect.poll(async () => (await who()).toSorted(), soon).toEqual(parties)
  }

  async function threeTalk() {
    const caller = await talks()
    const outside = await office.outside(outsideNumber, 'outside')
    const three = anna.page.getByText('There are three of you in the call', { exact: false })
    const allThree = async () => {
      await three.waitFor()
      await hearsOf(caller.ear, 'anna', 'outside')
      await hearsOf(outside, 'anna', 'caller')
      await hearsOf(anna, 'caller', 'outside')
    }
    await press('Transfer')
    await anna.page.getByRole('combobox', { name: 'Colleague, group number or number' }).fill(outsideNumber)
    await anna.page.keyboard.press('Enter')
    await outside.answers()
    await hearsOf(anna, 'outside')
    await anna.page.getByText('You talk to', { exact: false }).waitFor()
    await anna.page.keyboard.press('Alt+G')
    await allThree()
    return { caller, outside, allThree }
  }

  /** The agent leaves, and the two others go on. */
  async function leavesTwo({ caller, outside }: Pick<Awaited<ReturnType<typeof threeTalk>>, 'caller' | 'outside'>) {
    const inHistory = anna.missedCalls.getByText('with 08-555 123 45', { exact: false })
    const before = await inHistory.count()
    await anna.page.getByRole('button', { name: 'Leave the call to them' }).click()
    await hearsOf(caller.ear, 'outside')
    await hearsOf(outside, 'caller')
    await expect.poll(() => inHistory.count(), soon).toBe(before + 1)
    await caller.hangsUp()
    await expect.poll(() => outside.events, soon).toContain('CALL_CLOSED')
  }

  scene('chromium', 'baresip')(
    '[W40] [W42] an agent asks a number outside and puts all three together; a killed service changes nothing; the agent leaves, and the others go on',
    async () => {
      const { allThree, ...others } = await threeTalk()
      await office.killService()
      await anna.lostContact.first().waitFor()
      await allThree()
      await office.startService()
      asks = await office.asks('lead')
      await anna.lostContact.waitFor({ state: 'detached' })
      await allThree()
      await leavesTwo(others)
    },
  )

  scene('chromium', 'baresip')('[W42] a page that is loaded anew while three talk changes nothing', async () => {
    const { allThree, ...others } = await threeTalk()
    await anna.page.reload()
    await allThree()
    await leavesTwo(others)
  })
}

/** Whether it is one of the desk's offers in a call that there is. */
const isReinvite = ({ from, text }: SipOnWire) => from === 'desk' && kindOf(text) === 'INVITE' && inDialog(text)

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
