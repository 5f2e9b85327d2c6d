import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Configuration, E164 } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import type { Account } from '../../../src/service/ports.ts'
import { writeWav } from '../../../src/service/administration/audio/write-wav.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import {
  anna,
  ben,
  caller,
  sales,
  startScene,
  support,
  twoGroups,
  type Scene,
  type SceneOptions,
} from '../console/service-scene.ts'

const annasPhone = twoGroups.agents.find(({ id }) => id === anna)!.phone
const logIn = '833' as E164
const record = '844' as E164
const configuration: Configuration = {
  ...twoGroups,
  company: {
    ...twoGroups.company,
    serviceNumbers: { logIn: { short: '833', long: '+46771000833' as E164 }, record: { short: '844' } },
  },
}

const raise = (options: SceneOptions = {}) => startScene({ configuration, ...options })

async function has(scene: Scene, wanted: Partial<Account> & { readonly name: string }, pin?: string) {
  const { id } = await scene.accounts.put({ roles: ['agent'], supervises: [], ...wanted }, 'test')
  if (pin !== undefined) await scene.accounts.setPin(id, pin, 'test')
  return id
}

function calls(scene: Scene, to: E164, from?: E164): CallId {
  const call = scene.engine.dialIn({ to, ...(from && { from }) })
  expect(scene.engine.caller(call).state).toBe('answered')
  return call
}
const press = (scene: Scene, call: CallId, digits: string) => {
  for (const digit of digits) scene.engine.callerPresses(call, digit)
}
const annasState = async (scene: Scene, state: string) => {
  const console = await scene.opensConsole(await scene.signsIn({ name: 'Eva', roles: ['admin'] }))
  return console.sees((live) => live.agents[anna]?.state === state)
}
const ended = (scene: Scene, call: CallId) =>
  expect.poll(() => (scene.clock.pass(5000), scene.engine.caller(call).state)).toBe('ended')

/** Everything that is written anywhere: journal, log, audit, what a console is told. */
function everythingWritten(scene: Scene): string {
  const files = readdirSync(scene.directory).filter((name) => /journal|audit|work/.test(name))
  return [...files.map((name) => readFileSync(join(scene.directory, name), 'latin1')), ...scene.logged].join('\n')
}

test('[S27] an agent logs in by telephone with the PIN, whose digits are written nowhere', async () => {
  const scene = await raise()
  await has(scene, { name: 'Anna', agent: anna }, '90417')
  const console = await scene.opensConsole(await scene.signsIn({ name: 'Eva', roles: ['admin'] }))
  const call = calls(scene, logIn, annasPhone)
  press(scene, call, '90417#')
  await expect.poll(() => scene.logged.some((line) => line.includes('pinChecked'))).toBe(true)
  press(scene, call, '1')
  const { agents } = await console.sees((live) => live.agents[anna]?.loggedIn.length === 1)
  expect(agents[anna]).toMatchObject({ loggedIn: [support] })
  scene.engine.callerHangsUp(call)
  await scene.stops()
  const written = everythingWritten(scene)
  expect(written).toContain('digitPressed')
  expect(written.match(/"digit":"\d"/g)).toEqual(expect.arrayContaining(['"digit":"1"']))
  expect(new Set(written.match(/"digit":"[^"]+"/g))).toEqual(new Set(['"digit":"1"']))
  expect(JSON.stringify(console.messages)).not.toContain('90417')
  expect(readFileSync(join(scene.directory, 'accounts.json'), 'utf8')).not.toContain('90417')
})

test('[S27] the number in full works as the short one; a forged number without the PIN opens nothing', async () => {
  const scene = await raise()
  await has(scene, { name: 'Anna', agent: anna }, '90417')
  const call = calls(scene, '+46771000833' as E164, annasPhone)
  press(scene, call, '11111#22222#33333#')
  await expect.poll(() => scene.logged.filter((line) => line.includes('"pinChecked"')).length).toBeGreaterThan(0)
  press(scene, call, '22222#')
  await expect.poll(() => scene.logged.filter((line) => line.includes('"ok":false')).length).toBeGreaterThan(1)
  press(scene, call, '33333#')
  await expect.poll(() => scene.logged.filter((line) => line.includes('"ok":false')).length).toBeGreaterThan(2)
  // The right one comes too late, and is written nowhere either.
  press(scene, call, '90417#1')
  await ended(scene, call)
  press(scene, call, '90417#')
  await annasState(scene, 'loggedOut')
  await scene.stops()
  expect(everythingWritten(scene)).not.toMatch(/"digit":/)
})

test('[S27] without a PIN the number called from is enough; a softphone that signed in needs none', async () => {
  const scene = await raise()
  const console = await scene.opensConsole(await scene.signsIn({ name: 'Eva', roles: ['admin'] }))
  const anybody = calls(scene, logIn, annasPhone)
  press(scene, anybody, '1')
  await console.sees((live) => live.agents[anna]?.loggedIn.length === 1)
  scene.engine.callerHangsUp(anybody)

  await has(scene, { name: 'Anna', agent: anna }, '90417')
  const forged = calls(scene, logIn, annasPhone)
  press(scene, forged, '2#')
  await expect.poll(() => scene.logged.some((line) => line.includes('"ok":false'))).toBe(true)
  scene.engine.callerHangsUp(forged)

  const softphone = scene.engine.dialIn({ to: logIn, from: annasPhone, trusted: true })
  press(scene, softphone, '2')
  await console.sees((live) => live.agents[anna]?.loggedIn.length === 0)
})

test('[S28] five wrong PINs lock it, over calls and restarts, until it is set anew or unlocked', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const scene = await raise({ directory, clock })
  const id = await has(scene, { name: 'Anna', agent: anna }, '90417')
  const guess = (pin: string) => scene.accounts.checkPin([id], pin)
  for (const pin of ['1', '2', '3', '4']) expect(await guess(pin)).toBeUndefined()
  expect(scene.accounts.pin(id)).toBe('set')
  expect(await guess('90417')).toMatchObject({ name: 'Anna' })
  for (const pin of ['1', '2', '3', '4', '5']) expect(await guess(pin)).toBeUndefined()
  expect(scene.accounts.pin(id)).toBe('locked')
  await scene.stops()

  const later = await raise({ directory, clock })
  expect(later.accounts.pin(id)).toBe('locked')
  expect(await later.accounts.checkPin([id], '90417')).toBeUndefined()
  await later.accounts.unlockPin(id, 'test')
  expect(await later.accounts.checkPin([id], '90417')).toMatchObject({ id })
  expect((await later.accounts.readAudit({ containing: 'PIN locked' })).map(({ what }) => what)).toEqual([
    'account Anna: PIN locked',
  ])
  // Many at once gain nothing.
  await Promise.all(['1', '2', '3', '4', '5', '6', '7'].map((pin) => later.accounts.checkPin([id], pin)))
  expect(later.accounts.pin(id)).toBe('locked')
  await later.accounts.setPin(id, '55555', 'test')
  expect(await later.accounts.checkPin([id], '55555')).toMatchObject({ id })
})

test('[S28] who changes an account keeps its PIN', async () => {
  const scene = await raise()
  const id = await has(scene, { name: 'Anna', agent: anna }, '90417')
  await scene.accounts.put({ name: 'Anna', roles: ['agent', 'reviewer'], agent: anna, supervises: [] }, 'Eva')
  expect(await scene.accounts.checkPin([id], '90417')).toMatchObject({ roles: ['agent', 'reviewer'] })
  await scene.accounts.setPin(id, undefined, 'test')
  expect(scene.accounts.pin(id)).toBe('none')
  expect(await scene.accounts.checkPin([id], '90417')).toBeUndefined()
})

/** Two seconds of a tone, as the switch keeps a recording. */
function tone(): Buffer {
  const samples = Float32Array.from(
    { length: 16_000 },
    (_, index) => 0.4 * Math.sin((index * 2 * Math.PI * 440) / 8000),
  )
  return writeWav({ rate: 8000, samples })
}

/** Calls the recording number for the closed message of support, and has said it. */
async function hasRecorded(scene: Scene, pin: string, from?: E164) {
  const recordings = join(scene.directory, 'recordings')
  mkdirSync(recordings, { recursive: true })
  const call = calls(scene, record, from)
  press(scene, call, '0122260980#2')
  press(scene, call, `${pin}#`)
  await expect
    .poll(() => (scene.clock.pass(1000), scene.engine.caller(call)), { interval: 5 })
    .toMatchObject({ hears: { kind: 'recording' } })
  writeFileSync(join(recordings, 'recording-1.wav'), tone())
  scene.clock.pass(2000)
  scene.engine.callerFallsSilent(call)
  return call
}

test('[S29] what is recorded and accepted by telephone is a message at once, made by the account of the PIN', async () => {
  const scene = await raise()
  await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  await has(scene, { name: 'Sven', roles: ['supervisor'], supervises: [sales] }, '13579')
  const call = await hasRecorded(scene, '24680')
  press(scene, call, '1')
  await expect.poll(() => scene.store.current().configuration.messages.length).toBe(1)
  const [message] = scene.store.current().configuration.messages
  expect(message).toMatchObject({
    name: expect.stringMatching(/^Stängtmeddelande \d{4}-\d\d-\d\d \d\d:\d\d$/) as string,
    kind: 'closed',
    groupNumber: support,
    origin: 'recorded',
    seconds: 2,
    language: 'sv',
  })
  expect(message?.file).toBe(`audio/${message?.sha256 ?? ''}.wav`)
  expect(existsSync(scene.store.soundPath(message?.file ?? ''))).toBe(true)
  expect(scene.store.history()[0]).toMatchObject({ author: 'Karin' })
  await expect
    .poll(async () => (await scene.accounts.readAudit({ by: 'Karin', containing: 'configuration' })).length)
    .toBe(1)
  await expect.poll(() => existsSync(join(scene.directory, 'recordings', 'recording-1.wav'))).toBe(false)
})

test('[S29] the PIN of an account without rights to the group number opens no recording', async () => {
  const scene = await raise()
  const karin = await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  await has(scene, { name: 'Sven', roles: ['supervisor'], supervises: [sales] }, '13579')
  await has(scene, { name: 'Ben', agent: ben }, '97531')
  const call = calls(scene, record, caller)
  press(scene, call, '0122260980#2')
  for (const pin of ['13579', '97531', '11112']) {
    const before = scene.logged.filter((line) => line.includes('"ok":false')).length
    press(scene, call, `${pin}#`)
    await expect.poll(() => scene.logged.filter((line) => line.includes('"ok":false')).length).toBeGreaterThan(before)
  }
  await ended(scene, call)
  expect(scene.store.current().configuration.messages).toEqual([])
  // A phone that is nobody's: the tries count for everybody whose PIN it could have been.
  expect(scene.accounts.pin(karin)).toBe('set')
  for (const pin of ['1', '2']) await scene.accounts.checkPin([karin], pin)
  expect(scene.accounts.pin(karin)).toBe('locked')
})

test('[S29] who has lost the right meanwhile makes no message, and that is in the audit log', async () => {
  const scene = await raise()
  await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  const call = await hasRecorded(scene, '24680')
  await scene.accounts.put({ name: 'Karin', roles: ['supervisor'], supervises: [sales] }, 'Eva')
  press(scene, call, '1')
  await expect
    .poll(async () => (await scene.accounts.readAudit({ containing: 'refused' })).map(({ said }) => said))
    .toEqual([{ kind: 'recordingRefused', values: { group: support, why: 'refused' } }])
  expect(scene.store.current().configuration.messages).toEqual([])
})

test('[S29] a recording that was accepted when the service was killed is a message after the next start', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const engine = openScriptedSwitch({ clock })
  const scene = await raise({ directory, clock, engine })
  await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  const call = await hasRecorded(scene, '24680')
  // The kill: what was said cannot be read until the service is back.
  const file = join(directory, 'recordings', 'recording-1.wav')
  writeFileSync(file, '')
  press(scene, call, '1')
  await expect.poll(() => scene.logged.some((line) => line.includes('cannot be read'))).toBe(true)
  await scene.stops()
  writeFileSync(file, tone())
  const later = await raise({ directory, clock, engine })
  await expect.poll(() => later.store.current().configuration.messages.length).toBe(1)
  expect(later.store.history()[0]).toMatchObject({ author: 'Karin' })
})

test('[S29] the disk fails when it is accepted: the message is made when it works again', async () => {
  const scene = await raise()
  await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  const call = await hasRecorded(scene, '24680')
  // In place of the directory of sounds: nothing can be stored there.
  const audio = join(scene.directory, 'audio')
  writeFileSync(audio, '')
  press(scene, call, '1')
  await expect.poll(() => scene.logged.some((line) => line.includes('is not a message yet'))).toBe(true)
  expect(scene.store.current().configuration.messages).toEqual([])
  rmSync(audio)
  await expect.poll(() => (scene.clock.pass(60_000), scene.store.current().configuration.messages.length)).toBe(1)
})

test('[S29] what was recorded and not accepted is deleted', async () => {
  const scene = await raise()
  await has(scene, { name: 'Karin', roles: ['supervisor'], supervises: [support] }, '24680')
  const call = await hasRecorded(scene, '24680')
  scene.engine.callerHangsUp(call)
  await expect.poll(() => existsSync(join(scene.directory, 'recordings', 'recording-1.wav'))).toBe(false)
  expect(scene.store.current().configuration.messages).toEqual([])
})
