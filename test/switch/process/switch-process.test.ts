import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import type { CallId, SwitchEvent } from '../../../src/core/routing/messages.ts'
import { attachSwitchProcess, type SwitchProcessOptions } from '../../../src/switch/embedded/process/client.ts'
import { takenExit } from '../../../src/switch/embedded/process/run-switch-process.ts'
import { switchPath } from '../../../src/switch/embedded/process/switch-path.ts'

const host = fileURLToPath(new URL('scripted-host.ts', import.meta.url))
const serviceSide = fileURLToPath(new URL('service-side.ts', import.meta.url))
const waiting = { timeout: 15_000, interval: 20 }

let directory: string
let path: string
let logFile: string
let children: ChildProcess[]
/** Of switches that outlive who started them; read from their first word. */
let outliving: number[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  path = switchPath(directory)
  logFile = join(directory, 'switch.log')
  children = []
  outliving = []
})

afterEach(async () => {
  for (const { pid } of started()) outliving.push(pid)
  for (const child of children) child.kill('SIGKILL')
  for (const pid of new Set(outliving)) kill(pid, 'SIGKILL')
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  await Promise.all(running.map((child) => once(child, 'exit')))
  rmSync(directory, { recursive: true, force: true })
})

test('finds no switch and starts one, in a directory that only this user may enter', async () => {
  const line = await attachSwitchProcess(options())
  const attached = await line.attach({ epoch: 1, heard: () => undefined, lost: () => undefined })
  expect(attached).toEqual({ ok: true, value: { engine: 'scripted', calls: [], agentCalls: [] } })
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await line.detach()
})

test('holds its calls when the service is killed, and tells the next one of them', async () => {
  const service = serve(1)
  await service.says('attached')
  const { call } = await ask({ do: 'dialIn', to: '+46122260980' })
  await service.says(`answered ${call}`)
  service.child.kill('SIGKILL')
  await expect.poll(() => logged('detached'), waiting).toBe(1)

  const events: SwitchEvent[] = []
  const line = await attachSwitchProcess(options())
  const attached = await line.attach({ epoch: 2, heard: (event) => events.push(event), lost: () => undefined })
  expect(attached).toMatchObject({ ok: true, value: { calls: [{ call, answered: true, hears: { kind: 'music' } }] } })
  await ask({ do: 'register', agent: 'anna' })
  await expect
    .poll(() => events, waiting)
    .toEqual([{ type: 'deviceChanged', agent: 'anna' as AgentId, state: 'ready' }])
  expect(started()).toHaveLength(1)
  await line.detach()
})

test('is without a service when the service has been frozen for 2 s', async () => {
  const service = serve(1)
  await service.says('attached')
  service.child.kill('SIGSTOP')
  await expect.poll(() => logged('detached'), waiting).toBe(1)
  expect(await ask({ do: 'dialIn', to: '+46122260980' })).toMatchObject({ state: 'refused', status: 503 })
  service.child.kill('SIGCONT')
  await service.says('lost gone')
})

test('is called frozen by its service when it says nothing for 2 s, and gone when it is killed', async () => {
  const losses: string[] = []
  const line = await attachSwitchProcess(options())
  await line.attach({ epoch: 1, heard: () => undefined, lost: (reason) => losses.push(reason) })
  const [running] = started()
  kill(running!.pid, 'SIGSTOP')
  const hanging = line.perform({ type: 'answer', call: 'call-1' as CallId })
  await expect.poll(() => losses, waiting).toEqual(['frozen'])
  expect(await hanging).toEqual({ ok: false, problem: { kind: 'gone' } })
  expect(await line.attach({ epoch: 2, heard: () => undefined, lost: () => undefined })).toMatchObject({
    ok: false,
    problem: { kind: 'refused', why: `${path}: the switch is there but does not answer` },
  })

  kill(running!.pid, 'SIGCONT')
  await line.attach({ epoch: 3, heard: () => undefined, lost: (reason) => losses.push(reason) })
  kill(running!.pid, 'SIGKILL')
  await expect.poll(() => losses, waiting).toEqual(['frozen', 'gone'])
  expect(await line.perform({ type: 'answer', call: 'call-1' as CallId })).toMatchObject({ problem: { kind: 'gone' } })
})

test('starts anew after it was killed, over the socket it left behind', async () => {
  const losses: string[] = []
  const line = await attachSwitchProcess(options())
  await line.attach({ epoch: 1, heard: () => undefined, lost: (reason) => losses.push(reason) })
  kill(started()[0]!.pid, 'SIGKILL')
  await expect.poll(() => losses, waiting).toEqual(['gone'])
  expect(existsSync(path)).toBe(true)
  const again = await line.attach({ epoch: 2, heard: () => undefined, lost: () => undefined })
  expect(again).toMatchObject({ ok: true, value: { calls: [] } })
  expect(started()).toHaveLength(2)
  await line.detach()
})

test('is one switch however many start it at once, also over a left-over socket', async () => {
  const before = run()
  await expect.poll(() => started(), waiting).toHaveLength(1)
  before.kill('SIGKILL')
  await once(before, 'exit')
  expect(existsSync(path)).toBe(true)

  const runs = [run(), run(), run()]
  const codes: unknown[] = []
  for (const child of runs) child.once('exit', (code) => codes.push(code))
  await expect.poll(() => codes, waiting).toEqual([takenExit, takenExit])
  expect(started()).toHaveLength(2)
  const line = await attachSwitchProcess(options())
  await line.detach()
})

test('a service that attaches with a greater epoch replaces the other', async () => {
  const older = serve(1)
  await older.says('attached')
  const newer = serve(2)
  await newer.says('attached')
  await older.says('lost replaced')
  const late = serve(1)
  await late.says('refused staleEpoch')
  const { call } = await ask({ do: 'dialIn', to: '+46122260980' })
  await newer.says(`answered ${call}`)
  expect(older.said).not.toContain(`answered ${call}`)
})

test('ends itself when nobody needs it', async () => {
  const child = run({ idleMillis: 50 })
  const ended = once(child, 'exit')
  const line = await attachSwitchProcess({ path, start: () => ended.then(() => null) })
  await line.detach()
  expect(await ended).toEqual([0, null])
  expect(existsSync(path)).toBe(false)
})

test('does not end while it holds a call, though no service is there', async () => {
  const service = serve(1, { idleMillis: 50 })
  await service.says('attached')
  const { call } = await ask({ do: 'dialIn', to: '+46122260980' })
  await service.says(`answered ${call}`)
  service.child.kill('SIGKILL')
  await expect.poll(() => logged('detached'), waiting).toBe(1)
  const line = await attachSwitchProcess({ path, start: () => Promise.reject(new Error('it was there')) })
  const attached = await line.attach({ epoch: 2, heard: () => undefined, lost: () => undefined })
  expect(attached).toMatchObject({ ok: true, value: { calls: [{ call }] } })
  await line.perform({ type: 'hangUp', call: call as CallId, why: 'lost' })
  await line.detach()
  await expect.poll(() => logged('ending'), waiting).toBe(1)
})

test.each([
  ['text that is not JSON', 'GET / HTTP/1.1\r\n\r\n'],
  ['a message nobody knows', '{"type":"reboot"}\n'],
  ['a command with an unknown key', '{"type":"detach","id":1,"epoch":1,"now":true}\n'],
  ['bytes of no encoding', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
  ['a line without an end', Buffer.alloc(17 * 1024 * 1024, 'a')],
])('closes a connection that sends %s, and serves the others', async (_, garbage) => {
  const losses: string[] = []
  const line = await attachSwitchProcess(options())
  await line.attach({ epoch: 1, heard: () => undefined, lost: (reason) => losses.push(reason) })
  const stranger = connect(path)
  stranger.on('error', () => undefined)
  stranger.resume()
  stranger.write(garbage)
  // Its own `once` would take the reset that may come with it for a failure.
  await new Promise((closed) => stranger.once('close', closed))
  expect(await line.perform({ type: 'answer', call: 'call-1' as CallId })).toMatchObject({
    problem: { kind: 'unknown' },
  })
  expect(losses).toEqual([])
  await line.detach()
})

test('says which switch it could not start', async () => {
  const refusing = { path, start: () => Promise.resolve(1) } satisfies SwitchProcessOptions
  await expect(attachSwitchProcess(refusing)).rejects.toThrow('the switch ended at its start (1)')
  const never = { path, start: () => new Promise<null>(() => undefined), startMillis: 50 }
  await expect(attachSwitchProcess(never)).rejects.toThrow(`${path}: no switch answered within 0.05 s`)
  // A file of somebody else's in its place is not a socket, and nobody answers on it.
  writeFileSync(join(directory, 'not-a-socket'), '')
  await expect(attachSwitchProcess({ ...refusing, path: join(directory, 'not-a-socket') })).rejects.toThrow(
    'the switch ended at its start (1)',
  )
})

// --- parties ------------------------------------------------------------------------------------

function hostOptions(more: object = {}) {
  return JSON.stringify({ path, logFile, control: join(directory, 'control.sock'), ...more })
}

function run(more?: object): ChildProcess {
  rmSync(join(directory, 'control.sock'), { force: true })
  const child = spawn(process.execPath, [host, hostOptions(more)], { stdio: 'ignore' })
  children.push(child)
  return child
}

function options(): SwitchProcessOptions {
  return {
    path,
    start: async () => {
      const [code] = (await once(run(), 'exit')) as [number | null]
      return code
    },
  }
}

/** A service in a process of its own, which starts the switch if there is none. */
function serve(epoch: number, more?: object) {
  const child = spawn(process.execPath, [serviceSide, path, hostOptions(more), String(epoch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const said: string[] = []
  createInterface(child.stdout).on('line', (line) => said.push(line))
  return { child, said, says: (line: string) => expect.poll(() => said, waiting).toContain(line) }
}

async function ask(doing: object): Promise<{ readonly call: string; readonly state: string }> {
  const socket = connect(join(directory, 'control.sock'))
  socket.write(`${JSON.stringify(doing)}\n`)
  const [answer] = (await once(createInterface(socket), 'line')) as [string]
  socket.end()
  return JSON.parse(answer) as { call: string; state: string }
}

function log(): readonly { readonly what: string; readonly pid: number }[] {
  if (!existsSync(logFile)) return []
  const lines = readFileSync(logFile, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as { what: string; pid: number })
}

const logged = (what: string) => log().filter((line) => line.what === what).length
const started = () => log().filter((line) => line.what === 'started')

function kill(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}
