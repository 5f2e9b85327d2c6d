import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { effectScope, reactive } from 'vue'
import {
  openHeadsetButtons,
  type HeadsetAct,
  type PhoneState,
} from '../../../src/renderer/desk/headset/headset-buttons.ts'
import { layoutOf, type Collection } from '../../../src/renderer/desk/headset/telephony-reports.ts'
import { useHeadset, type HeadsetDevice, type Headsets } from '../../../src/renderer/desk/headset/use-headset.ts'

const bits = (count: number, usages: readonly number[], more: object = {}) => ({
  reportSize: 1,
  reportCount: count,
  usages,
  isAbsolute: true,
  ...more,
})
const padding = (count: number) => ({ reportSize: 1, reportCount: count, isConstant: true })

/**
 * Made from descriptions that makers have published; no hardware has been tried with them.
 *
 * `dongle`: Gigaset's of its headset dongle (teamwork.gigaset.com, "HID Usage Tables" and "Protocol format", report 2): hook, line
 * busy, line, mute, flash, redial, speed dial, button 7 in; off-hook, mute, ring, hold, microphone, on-line, ringer out.
 */
const dongle: readonly Collection[] = [
  { usagePage: 0x0c, inputReports: [{ reportId: 1, items: [bits(3, [0x0c00ea, 0x0c00e9, 0x0c00e2]), padding(5)] }] },
  {
    usagePage: 0x0b,
    inputReports: [
      {
        reportId: 2,
        items: [
          bits(2, [0x0b0020, 0x0b0097]),
          bits(5, [0x0b002a, 0x0b002f, 0x0b0021, 0x0b0024, 0x0b0050], { isAbsolute: false }),
          bits(1, [0x090007]),
          padding(8),
        ],
      },
    ],
    outputReports: [
      {
        reportId: 2,
        items: [bits(7, [0x080017, 0x080009, 0x080018, 0x080020, 0x080021, 0x08002a, 0x0b009e]), padding(9)],
      },
    ],
  },
]

/** The smallest that the usage tables let a headset be: two switches in, three lamps out, reports of their own. */
const plain: readonly Collection[] = [
  {
    usagePage: 0x0b,
    inputReports: [{ reportId: 1, items: [bits(2, [0x0b0020, 0x0b002f]), padding(6)] }],
    outputReports: [{ reportId: 3, items: [padding(8), bits(3, [0x080009, 0x080017, 0x080018]), padding(5)] }],
  },
]

const idle: PhoneState = { ringing: false, inCall: false, muted: false, held: false }
const ringing = { ...idle, ringing: true }
const inCall = { ...idle, inCall: true }

function headset(collections: readonly Collection[]) {
  const layout = layoutOf(collections)!
  const acts: HeadsetAct[] = []
  const sent: string[] = []
  const buttons = openHeadsetButtons({
    layout,
    send: (report, data) => sent.push(`${String(report)}: ${[...data].map((byte) => byte.toString(2)).join(' ')}`),
    act: (act) => acts.push(act),
  })
  const report = (id: number, ...bytes: number[]) => buttons.report(id, new DataView(new Uint8Array(bytes).buffer))
  return { buttons, report, acts, sent, layout }
}

test('buttons and lamps are found where the descriptor has them', () => {
  const { layout } = headset(dongle)
  expect(layout.buttons).toMatchObject({
    hook: { report: 2, bit: 0, absolute: true },
    mute: { report: 2, bit: 3, absolute: false },
    reject: { report: 2, bit: 7, absolute: true },
  })
  expect(layout.lamps).toMatchObject({ offHook: { bit: 0 }, mute: { bit: 1 }, ring: { bit: 2 }, hold: { bit: 3 } })
  expect(headset(plain).layout.lamps).toMatchObject({ mute: { bit: 8 }, offHook: { bit: 9 }, ring: { bit: 10 } })
})

test.each<[string, readonly Collection[]]>([
  ['a keyboard', [{ usagePage: 1, inputReports: [{ items: [bits(8, [0x070004])] }] }]],
  ['a remote control', [dongle[0]!]],
  ['nothing', []],
])('%s is no telephone', (_, collections) => {
  expect(layoutOf(collections)).toBeUndefined()
})

test('the hook answers what rings, and the echo of its own lamp hangs up nothing', () => {
  const { buttons, report, acts, sent } = headset(dongle)
  buttons.show(ringing)
  expect(sent).toEqual(['2: 100 0'])
  report(2, 0b1)
  expect(acts).toEqual(['answer'])
  buttons.show(inCall)
  expect(sent.at(-1)).toBe('2: 1 0')
  // The echo.
  report(2, 0b1)
  report(2, 0b1)
  expect(acts).toEqual(['answer'])
  report(2, 0b0)
  expect(acts).toEqual(['answer', 'hangUp'])
  buttons.show(idle)
  expect(sent.at(-1)).toBe('2: 0 0')
  report(2, 0b0)
  expect(acts).toHaveLength(2)
})

test('a call that was answered and ended on the screen leaves the headset in step', () => {
  const { buttons, report, acts } = headset(plain)
  buttons.show(ringing)
  buttons.show(inCall)
  report(1, 0b01)
  buttons.show(idle)
  report(1, 0b00)
  expect(acts).toEqual([])
  buttons.show(ringing)
  report(1, 0b01)
  expect(acts).toEqual(['answer'])
})

test('mute is told each way, by a press and by a switch', () => {
  for (const [collections, id, press] of [
    [dongle, 2, 0b1001],
    [plain, 1, 0b11],
  ] as const) {
    const { buttons, report, acts, sent } = headset(collections)
    buttons.show(inCall)
    report(id, press)
    expect(acts).toEqual(['mute'])
    buttons.show({ ...inCall, muted: true })
    expect(sent.at(-1)).toMatch(/11/)
    report(id, press & ~0b10 & ~0b1000)
    report(id, press)
    expect(acts).toEqual(['mute', 'unmute'])
  }
})

test('reject rejects what rings, hangs up a call, and is nothing else', () => {
  const { buttons, report, acts } = headset(dongle)
  const press = () => {
    report(2, 0b1000_0000)
    report(2, 0)
  }
  press()
  buttons.show(ringing)
  press()
  buttons.show(idle)
  expect(acts).toEqual(['reject'])
})

test('buttons mean nothing while nothing rings and nobody talks', () => {
  const { report, acts } = headset(plain)
  report(1, 0b11)
  report(1, 0b00)
  expect(acts).toEqual([])
})

test('a report that is too short, or another one, is passed over', () => {
  const { buttons, report, acts } = headset(dongle)
  buttons.show(ringing)
  report(2)
  report(9, 0xff)
  expect(acts).toEqual([])
})

test('lamps are sent when they change, and no more', () => {
  const { buttons, sent } = headset(dongle)
  buttons.show(inCall)
  buttons.show({ ...inCall })
  buttons.show({ ...inCall, held: true })
  expect(sent).toEqual(['2: 1 0', '2: 1001 0'])
})

class FakeDevice extends EventTarget implements HeadsetDevice {
  opened = false
  readonly productName = 'Headset'
  readonly sent: number[][] = []
  readonly collections = dongle
  open() {
    this.opened = true
    return Promise.resolve()
  }
  close() {
    this.opened = false
    return Promise.resolve()
  }
  sendReport(report: number, data: BufferSource) {
    this.sent.push([report, ...new Uint8Array(data as ArrayBuffer)])
    return Promise.resolve()
  }
}

class FakeHeadsets extends EventTarget implements Headsets {
  devices: FakeDevice[] = []
  getDevices() {
    return Promise.resolve(this.devices)
  }
  requestDevice() {
    return this.getDevices()
  }
}

test('a headset is used as soon as it is there, let go when it is pulled out, and used again when it is back', async () => {
  const headsets = new FakeHeadsets()
  const state = reactive({ ...ringing })
  const acts: HeadsetAct[] = []
  const scope = effectScope()
  const used = scope.run(() =>
    useHeadset(
      () => ({ ...state }),
      (act) => acts.push(act),
      headsets,
    ),
  )
  await flushPromises()
  expect(used?.name.value).toBeUndefined()

  const device = new FakeDevice()
  headsets.devices = [device]
  headsets.dispatchEvent(new Event('connect'))
  await flushPromises()
  expect(used?.name.value).toBe('Headset')
  expect(device.sent).toEqual([[2, 0b100, 0]])
  const data = new DataView(new Uint8Array([1, 0]).buffer)
  device.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 2, data }))
  expect(acts).toEqual(['answer'])

  headsets.devices = []
  headsets.dispatchEvent(Object.assign(new Event('disconnect'), { device }))
  await flushPromises()
  expect(used?.name.value).toBeUndefined()
  device.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 2, data }))
  expect(acts).toHaveLength(1)

  headsets.devices = [new FakeDevice()]
  headsets.dispatchEvent(new Event('connect'))
  await flushPromises()
  expect(used?.name.value).toBe('Headset')
  scope.stop()
  expect(headsets.devices[0]?.opened).toBe(false)
})
