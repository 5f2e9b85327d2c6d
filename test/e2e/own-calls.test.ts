import { afterEach, expect } from 'vitest'
import type { E164 } from '../../src/core/configuration/types.ts'
import { openNumber, tones } from './support/company.ts'
import type { Desk } from './support/desk.ts'
import { findings } from './support/findings.ts'
import { hiddenFromView } from './support/layout.ts'
import { heard, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined
afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 15_000, interval: 50 }
const hears = async (desk: Desk) => heard(await desk.hears())

async function calls(desk: Desk, whom: string) {
  const field = desk.page.getByRole('combobox', { name: 'Call a number or a colleague' })
  await field.fill(whom)
  await field.press('Enter')
}

/** In the page: a headset that sends a tone of its own, and can be pulled out. */
function fakeHeadset(hertz: number) {
  const headset = { deviceId: 'headset', kind: 'audioinput', label: 'Headset', groupId: '', toJSON: () => undefined }
  let plugged = true
  let track: MediaStreamTrack | undefined
  const { mediaDevices } = navigator
  const [ask, list] = [mediaDevices.getUserMedia.bind(mediaDevices), mediaDevices.enumerateDevices.bind(mediaDevices)]
  mediaDevices.enumerateDevices = async () => [...(await list()), ...(plugged ? [headset as MediaDeviceInfo] : [])]
  mediaDevices.getUserMedia = async (wanted) => {
    const { audio } = wanted ?? {}
    const device = typeof audio === 'object' ? (audio.deviceId as { exact?: string } | undefined)?.exact : undefined
    if (device !== 'headset' || !plugged) return ask(wanted)
    const context = new AudioContext()
    const voice = context.createOscillator()
    const gain = context.createGain()
    const destination = context.createMediaStreamDestination()
    voice.frequency.value = hertz
    gain.gain.value = 0.5
    voice.connect(gain).connect(destination)
    voice.start()
    track = destination.stream.getAudioTracks()[0]
    return destination.stream
  }
  Object.assign(window, {
    plug(isIn: boolean) {
      plugged = isIn
      // As a browser does of a device that is gone.
      if (!isIn) track?.dispatchEvent(new Event('ended'))
      mediaDevices.dispatchEvent(new Event('devicechange'))
    },
  })
}

testWith('chromium', 'sipp')(
  'a headset that is pulled out in a call is replaced, and taken again when it is back',
  async () => {
    office = await openOffice()
    const anna = await office.desk('anna')
    await anna.page.evaluate(fakeHeadset, tones.ownWelcome)
    const caller = await office.sipp(openNumber)
    await anna.incoming.waitFor()
    await anna.answers()
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
    await anna.page.getByRole('group', { name: 'Phone' }).getByTitle('Sound').click()
    await anna.page.getByLabel('Microphone', { exact: true }).selectOption('Headset')
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['ownWelcome'])
    await anna.page.keyboard.press('Escape')
    await anna.page.evaluate('plug(false)')
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
    await anna.page.evaluate('plug(true)')
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['ownWelcome'])
    await anna.hangsUp()
  },
)

testWith('chromium')(
  'axe finds nothing, and nothing is hidden, calling out, in the choice of devices, and while a colleague waits',
  async () => {
    office = await openOffice()
    const [anna, ben] = await Promise.all([office.desk('anna'), office.desk('ben')])
    const { page } = anna
    const found: string[] = []
    const look = async (where: string) => {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        const hidden = await hiddenFromView(
          page,
          (await page.getByRole('dialog').count()) > 0 ? '[role=dialog]' : 'body',
        )
        found.push(...[...hidden, ...(await findings(page))].map((finding) => `${where}, ${width}: ${finding}`))
      }
      await page.setViewportSize({ width: 1280, height: 800 })
    }
    await page.getByRole('group', { name: 'Phone' }).getByTitle('Sound').click()
    await page.getByRole('dialog').waitFor()
    await look('sound')
    const fits = await page.getByRole('dialog').evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth)
    expect(fits).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Call a number or a colleague' }).fill('b')
    await look('calling out')
    await page.getByRole('button', { name: 'Echo test' }).click()
    await expect.poll(() => hears(anna), soon).toEqual(['anna'])
    // In a call of one's own one is not free to anybody's eye.
    await ben.page.getByRole('listitem').getByText('in a call').waitFor()
    await calls(ben, 'anna')
    await page.getByRole('article', { name: /Waiting for you/ }).waitFor()
    await look('waiting')
    expect(found).toEqual([])
  },
)

testWith('chromium')('at 800 by 600 the choices of whom to call push nothing below the edge', async () => {
  office = await openOffice(
    {},
    {
      adapt({ agents, groupNumbers, agent, groupNumber }) {
        const ids = ['bea', 'bertil', 'bo', 'bodil', 'britt']
        for (const [at, id] of ids.entries())
          agents.push(agent(id, { phone: `+4670200000${String(at)}` as E164, answersAt: 'softphone' }))
        groupNumbers.push(groupNumber('sales', { number: '+46122263001', members: ['anna', ...ids] }))
      },
    },
  )
  const { page } = await office.desk('anna')
  await page.setViewportSize({ width: 800, height: 600 })
  await page.getByRole('combobox', { name: 'Call a number or a colleague' }).fill('b')
  const choices = page.getByRole('listbox').getByRole('option')
  await choices.nth(4).waitFor({ state: 'attached' })
  for (const name of ['Echo test', 'Call']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox()
    expect(box && box.y >= 0 && box.y + box.height <= 600).toBe(true)
  }
  // Each is seen when it is come to.
  for (let at = 0; at < 6; at++) await page.keyboard.press('ArrowDown')
  const chosen = await choices.and(page.locator('[aria-selected=true]')).evaluate((option) => {
    const [box, list] = [option.getBoundingClientRect(), option.parentElement?.getBoundingClientRect()]
    return list !== undefined && box.top >= list.top - 1 && box.bottom <= list.bottom + 1
  })
  expect(chosen).toBe(true)
})

/** In the page: which devices sounds made there are heard at just now, `''` the system's own. */
function listenAtDevices() {
  const ears = new Map<AudioContext, AnalyserNode>()
  const plain: (this: AudioNode, to: AudioNode) => AudioNode = Reflect.get(AudioNode.prototype, 'connect')
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      const ear = ears.get(this.context) ?? this.context.createAnalyser()
      ears.set(this.context, ear)
      plain.call(this, ear)
    }
    return plain.call(this, to)
  } as typeof AudioNode.prototype.connect
  Object.assign(window, {
    soundsAt: () =>
      [...ears].flatMap(([context, ear]) => {
        const samples = new Float32Array(ear.fftSize)
        ear.getFloatTimeDomainData(samples)
        return samples.some((sample) => Math.abs(sample) > 0.01) ? [Reflect.get(context, 'sinkId') as string] : []
      }),
  })
}

testWith('chromium', 'sipp')('[W26] a call rings at the device chosen for ringing', async () => {
  office = await openOffice()
  const anna = await office.desk('anna')
  await anna.page.evaluate(listenAtDevices)
  await anna.page.getByRole('group', { name: 'Phone' }).getByTitle('Sound').click()
  const ringer = anna.page.getByLabel('Ringing', { exact: true })
  const [chosen = ''] = await ringer.selectOption({ index: 1 })
  expect(chosen).not.toBe('')
  await anna.page.keyboard.press('Escape')
  await office.sipp(openNumber)
  await anna.incoming.waitFor()
  await expect.poll(() => anna.page.evaluate('soundsAt()'), soon).toEqual([chosen])
})
