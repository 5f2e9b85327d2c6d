import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { startAsterisk } from '../test/support/asterisk/start-asterisk.ts'
import { furnish, number, telephone, userNames } from '../test/support/crowd/crowd-company.ts'
import { logInAll } from '../test/support/crowd/log-in-all.ts'
import { openManyAgents } from '../test/support/crowd/many-agents.ts'
import { runService } from '../test/support/crowd/run-service.ts'
import { startCrowd } from '../test/support/crowd/sipp-crowd.ts'

/**
 * What goes between the service and Asterisk for one call, with times, and how many requests and events a call costs: a
 * count, which no load of the machine changes. `node bench/asterisk-trace.ts CALLS RATE`.
 */
interface Seen {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `GET /bridges`, or the event's type. */
  readonly what: string
  /** The whole of it. */
  readonly text: string
  readonly bytes: number
  /** Of a request: when it was answered, and how. */
  answered?: number
  status?: string
}

const callersAt = '127.0.0.2'
const agentsAt = '127.0.0.4'
const now = () => performance.timeOrigin + performance.now()

/** Passes on everything, and keeps what went. */
async function openTap(to: number) {
  const seen: Seen[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    const through = connect({ port: to, host: '127.0.0.1', noDelay: true })
    const asked: Seen[] = []
    let isEvents = false
    const requests = readParts((head, body) => {
      const [method = '', path = ''] = head.split(' ')
      isEvents ||= path.startsWith('/ari/events')
      const request: Seen = {
        at: now(),
        what: `${method} ${general(path)}`,
        text: `${method} ${decodeURIComponent(path)} ${body}`,
        bytes: head.length + body.length,
      }
      seen.push(request)
      asked.push(request)
    })
    const answers = readParts((head) => {
      const request = asked.shift()
      if (!request) return
      request.answered = now()
      request.status = head.split(' ')[1] ?? ''
    })
    const events = readFrames((text) => {
      const { type = '?' } = JSON.parse(text) as { type?: string }
      seen.push({ at: now(), what: type, text, bytes: text.length })
    })
    socket.on('data', (bytes: Buffer) => {
      through.write(bytes)
      if (!isEvents) requests(bytes)
    })
    through.on('data', (bytes: Buffer) => {
      socket.write(bytes)
      if (isEvents) events(bytes)
      else answers(bytes)
    })
    for (const each of [socket, through])
      each
        .on('error', () => undefined)
        .on('close', () => {
          socket.destroy()
          through.destroy()
        })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { seen, port: (server.address() as AddressInfo).port, close: () => server.close() }
}

function readParts(part: (head: string, body: string) => void): (bytes: Buffer) => void {
  let unread = ''
  return (bytes) => {
    unread += bytes.toString('latin1')
    for (;;) {
      const end = unread.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = unread.slice(0, end)
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
      if (unread.length < end + 4 + length) return
      part(head, unread.slice(end + 4, end + 4 + length))
      unread = unread.slice(end + 4 + length)
    }
  }
}

/** RFC 6455, what a server sends, after the answer to the upgrade. */
function readFrames(frame: (text: string) => void): (bytes: Buffer) => void {
  let unread = Buffer.alloc(0)
  let upgraded = false
  return (bytes) => {
    unread = Buffer.concat([unread, bytes])
    if (!upgraded) {
      const end = unread.indexOf('\r\n\r\n')
      if (end < 0) return
      upgraded = true
      unread = unread.subarray(end + 4)
    }
    while (unread.length >= 2) {
      const short = unread.readUInt8(1) & 0x7f
      const start = short === 126 ? 4 : short === 127 ? 10 : 2
      if (unread.length < start) return
      const length = short === 126 ? unread.readUInt16BE(2) : short === 127 ? Number(unread.readBigUInt64BE(2)) : short
      if (unread.length < start + length) return
      if ((unread.readUInt8(0) & 0x0f) === 1) frame(unread.toString('utf8', start, start + length))
      unread = unread.subarray(start + length)
    }
  }
}

/** Without what differs from call to call. */
const general = (path: string) =>
  path
    .replace(/\?.*$/, '')
    .replace(/^\/ari/, '')
    .replace(/(gruppnummer-)(talk|music|aside|ear)-[^/]+/g, '$2')
    .replace(/\/(gruppnummer-)?[\da-f]{8}-[\da-f-]{27}/g, '/LEG')
    .replace(/\/\d{9,}\.\d+/g, '/CALLER')

async function trace(calls: number, rate: number) {
  const agents = await openManyAgents({ address: agentsAt, talk: () => 3000 })
  const users = userNames(Math.ceil(rate * 4) + 10)
  const asterisk = await startAsterisk({
    options: { services: ['127.0.0.1', agentsAt] },
    overlay: {
      'pjsip.conf': (written) =>
        [written, ...users.map((user) => telephone(user, `${agentsAt}:${String(agents.port)}`))].join('\n'),
    },
  })
  const tap = await openTap(Number(new URL(asterisk.ari.url).port))
  const servers = join(asterisk.directory, 'servers.json')
  const { url: _, ...access } = asterisk.ari
  const server = { name: 'asterisk', ...access, url: `http://127.0.0.1:${String(tap.port)}/ari` }
  writeFileSync(servers, JSON.stringify({ servers: [server] }), { mode: 0o600 })
  const { directory, link } = await furnish(users, { callersAt })
  const service = await runService(directory, ['--switch', 'asterisk', '--asterisk', servers])
  await logInAll({ origin: service.origin, link, agents: users })
  const from = now()
  const arrivals = await startCrowd({
    ...{ rate, count: calls, to: number, address: callersAt, sipPort: asterisk.sipPort },
    ...{ directory: asterisk.directory, limit: (calls / rate + 15) * 1000 },
  }).arrivals
  const rings = new Map(agents.rings.map(({ caller, at }) => [caller, at]))
  const traffic = tap.seen.filter(({ at }) => at >= from)
  const seconds = (now() - from) / 1000
  agents.close()
  await service.close()
  tap.close()
  await asterisk.close()
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  return { arrivals, rings, traffic, seconds }
}

const [, , callsText = '30', rateText = '5'] = process.argv
const [calls, rate] = [Number(callsText), Number(rateText)]
const { arrivals, rings, traffic, seconds } = await trace(calls, rate)

// --- one call -----------------------------------------------------------------------------------

const waits = [...arrivals].map(([caller, at]) => ({ caller, at, wait: (rings.get(caller) ?? NaN) - at }))
const sorted = waits.toSorted((one, other) => one.wait - other.wait)
const typical = sorted[Math.floor(sorted.length / 2)]
if (!typical) throw new Error('nobody came through')
const started = traffic.find(({ what, text }) => what === 'StasisStart' && text.includes(typical.caller))
const channel = /"channel":\{"id":"([^"]+)"/.exec(started?.text ?? '')?.[1] ?? ''
const own = new Set([channel])
for (const { text } of traffic)
  if (text.includes(channel)) for (const [id] of text.matchAll(/gruppnummer-[\da-f]{8}-[\da-f-]{27}/g)) own.add(id)
console.log(`\nthe call of ${typical.caller}: caller's INVITE to agent's INVITE ${typical.wait.toFixed(1)} ms\n`)
const lines = [
  { at: typical.at, line: "       caller's INVITE" },
  { at: rings.get(typical.caller) ?? 0, line: "       agent's INVITE" },
  ...traffic
    .filter(({ text }) => [...own].some((id) => text.includes(id)))
    .map(({ at, what, text, answered, status }) => {
      const shown = text.length > 150 && process.env.WHOLE === undefined ? `${text.slice(0, 150)}...` : text
      return answered === undefined
        ? {
            at,
            line: `event  ${what} ${/"id":"([^"]+)"/.exec(text)?.[1] ?? ''} ${/"state":"(\w+)"/.exec(text)?.[1] ?? ''}`,
          }
        : { at, line: `ask    ${shown} -> ${status ?? ''} after ${(answered - at).toFixed(1)}` }
    }),
]
for (const { at, line } of lines.toSorted((one, other) => one.at - other.at))
  console.log(`${(at - typical.at).toFixed(1).padStart(8)}  ${line}`)

// --- all calls ----------------------------------------------------------------------------------

console.log(`\nper call, of ${String(arrivals.size)} in ${seconds.toFixed(1)} s:\n`)
const kinds = Map.groupBy(traffic, ({ what }) => what)
let [requests, events] = [0, 0]
for (const [what, all] of [...kinds].toSorted(([, one], [, other]) => other.length - one.length)) {
  const perCall = all.length / arrivals.size
  if (what.includes(' ')) requests += perCall
  else events += perCall
  const took = all
    .flatMap(({ at, answered }) => (answered === undefined ? [] : [answered - at]))
    .toSorted((a, b) => a - b)
  const median = took[Math.floor(took.length / 2)]
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0) / all.length
  console.log(
    `${perCall.toFixed(2).padStart(7)}  ${what}  ${bytes.toFixed(0)} bytes${median === undefined ? '' : `, answered after ${median.toFixed(1)} ms`}`,
  )
}
console.log(
  `\n${requests.toFixed(1)} requests and ${events.toFixed(1)} events; waits p50 ${typical.wait.toFixed(1)} ms`,
)
