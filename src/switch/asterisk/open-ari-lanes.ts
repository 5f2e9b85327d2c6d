import { connect as connectPlainly, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { failed, ok, type Result } from '../../core/result.ts'
import type { AriProblem, AriRequest } from './ari-request.ts'

/**
 * Asterisk's REST interface over a few connections that are kept. Asterisk does what comes on one connection one after the
 * other, and much of it takes until the channel's own thread is through with it; so each call goes a way of its own. What
 * is asked of one channel, or of the bridge of its call, keeps its order: while an answer is awaited, what follows goes
 * the same way.
 */
export interface AriLanes {
  ask(request: Asked): Promise<Result<string, AriProblem>>
  /** Requests without an answer yet. */
  readonly waiting: number
  readonly connections: number
  /** Every open request answers `gone`. */
  close(): void
}

export type Asked = Omit<AriRequest<unknown>, 'reply'>

export interface AriLanesOptions {
  /** Such as `http://127.0.0.1:8088/ari`. */
  readonly url: string
  /** Milliseconds; preset 5000. */
  readonly requestTimeout?: number
  /** RFC 9110 section 11.6.2. */
  readonly authorization: string
  /** Told once: a connection has closed while an answer was awaited, so that nobody knows what was done. */
  readonly ended: () => void
}

/** Each is a thread of Asterisk. */
const mostLanes = 16
/** Asterisk's backlog holds ten connections: who does not fit in is let in a second later, when TCP tries again. */
const mostOpening = 4
/** Milliseconds. Sooner than Asterisk closes one that is idle, which it may do just as we ask for something. */
const idleFor = 5000
/** Milliseconds; as long as Asterisk takes to ring somebody where it has much to do. */
const patience = 5

interface Lane {
  readonly socket: Socket
  /** Asked in this moment, and not written yet. */
  unsent: string
  /** All of that may be held back. */
  patient: boolean
  /** In the order of the answers. */
  readonly waiting: ((result: Result<string, AriProblem>) => void)[]
  idle: NodeJS.Timeout | undefined
}

/** Who has asked for something that is not answered yet, and which way it went. */
interface Order {
  readonly lane: Lane
  open: number
}

export function openAriLanes({ url, requestTimeout = 5000, authorization, ended }: AriLanesOptions): AriLanes {
  const { protocol, hostname, host, port, pathname } = new URL(url)
  const secure = protocol === 'https:'
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? (secure ? 443 : 80) : port) }
  const headers = `Host: ${host}\r\nAuthorization: ${authorization}\r\n`
  const lanes = new Set<Lane>()
  const orders = new Map<string, Order>()
  const unsent = new Set<Lane>()
  /** Each until its timer is over, or nothing urgent is open. */
  const held = new Map<Lane, NodeJS.Timeout>()
  let waiting = 0
  /** Of those the urgent ones. */
  let urgent = 0
  let closed = false

  function open(): Lane {
    const socket = secure ? connectSecurely({ ...to, servername: to.host }) : connectPlainly(to)
    socket.setNoDelay(true)
    const lane: Lane = { socket, unsent: '', patient: true, waiting: [], idle: undefined }
    lanes.add(lane)
    socket.on(
      'data',
      readAnswers({
        answer: (result) => {
          lane.waiting.shift()?.(result)
          if (lane.waiting.length === 0) lane.idle = setTimeout(() => socket.destroy(), idleFor).unref()
        },
        malformed: () => socket.destroy(),
      }),
    )
    // 'close' follows every error.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      lanes.delete(lane)
      release(lane)
      clearTimeout(lane.idle)
      const lost = lane.waiting.splice(0)
      for (const settle of lost) settle(failed({ kind: 'gone' }))
      if (lost.length === 0 || closed) return
      close()
      ended()
    })
    return lane
  }

  function freest(): Lane {
    let best: Lane | undefined
    for (const lane of lanes)
      if (!lane.socket.destroyed && lane.waiting.length < (best?.waiting.length ?? Infinity)) best = lane
    const full = lanes.size >= mostLanes || [...lanes].filter(({ socket }) => socket.connecting).length >= mostOpening
    return best && (best.waiting.length === 0 || full) ? best : open()
  }

  function ask(request: Asked): Promise<Result<string, AriProblem>> {
    if (closed) return Promise.resolve(failed({ kind: 'gone' }))
    const key = orderOf(request)
    const order = orders.get(key) ?? { lane: freest(), open: 0 }
    orders.set(key, order)
    order.open += 1
    waiting += 1
    if (request.urgent) urgent += 1
    const { lane } = order
    clearTimeout(lane.idle)
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined = setTimeout(() => {
        timer = undefined
        resolve(failed({ kind: 'timedOut' }))
      }, requestTimeout)
      lane.waiting.push((result) => {
        waiting -= 1
        if (request.urgent) urgent -= 1
        if (urgent === 0) for (const each of held.keys()) send(each)
        order.open -= 1
        if (order.open === 0 && orders.get(key) === order) orders.delete(key)
        if (timer === undefined) return
        clearTimeout(timer)
        resolve(result)
      })
      lane.patient &&= request.patient ?? false
      lane.unsent += requestText(request)
      if (request.urgent) send(lane)
      else soon(lane)
    })
  }

  /** When everything that is asked in this moment is known: each write wakes a thread of Asterisk, and a core is needed for it. */
  function soon(lane: Lane) {
    // Behind the promises that this moment settles, and what is asked in them.
    if (unsent.size === 0)
      queueMicrotask(() => {
        process.nextTick(sendAll)
      })
    unsent.add(lane)
  }

  function sendAll() {
    for (const lane of unsent)
      if (lane.patient && urgent > 0) hold(lane)
      else send(lane)
    unsent.clear()
  }

  function hold(lane: Lane) {
    if (held.has(lane)) return
    const timer = setTimeout(() => {
      send(lane)
    }, patience)
    held.set(lane, timer)
  }

  function release(lane: Lane) {
    clearTimeout(held.get(lane))
    held.delete(lane)
  }

  function send(lane: Lane) {
    unsent.delete(lane)
    release(lane)
    lane.socket.write(lane.unsent)
    lane.unsent = ''
    lane.patient = true
  }

  function requestText({ method, path, query = {}, body }: Asked): string {
    let target = path
    for (const name in query) target += `${target === path ? '?' : '&'}${name}=${encodeURIComponent(query[name] ?? '')}`
    const head = `${method} ${pathname}${target} HTTP/1.1\r\n${headers}`
    if (body === undefined) return `${head}Content-Length: 0\r\n\r\n`
    const text = JSON.stringify(body)
    const length = String(Buffer.byteLength(text))
    return `${head}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`
  }

  function close() {
    closed = true
    for (const { socket } of lanes) socket.destroy()
  }

  return {
    ask,
    get waiting() {
      return waiting
    },
    get connections() {
      return lanes.size
    },
    close,
  }
}

interface Answers {
  readonly answer: (result: Result<string, AriProblem>) => void
  readonly malformed: () => void
}

/** RFC 9112, as far as Asterisk uses it: a status line, headers, and a body of a known length. */
function readAnswers({ answer, malformed }: Answers): (bytes: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  return (bytes) => {
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes])
    for (;;) {
      const end = unread.indexOf('\r\n\r\n')
      if (end < 0) {
        if (unread.length > longestHead) malformed()
        return
      }
      const head = unread.toString('latin1', 0, end)
      const [, code, reason = ''] = /^HTTP\/1\.[01] (\d{3}) ?([^\r]*)/.exec(head) ?? []
      const length = Number(/^content-length: *(\d+) *$/im.exec(head)?.[1] ?? 0)
      if (code === undefined || /^transfer-encoding:/im.test(head)) {
        malformed()
        return
      }
      const next = end + 4 + length
      if (unread.length < next) return
      const body = unread.toString('utf8', end + 4, next)
      unread = unread.subarray(next)
      const status = Number(code)
      answer(status >= 200 && status < 300 ? ok(body) : failed({ kind: 'refused', status, reason }))
    }
  }
}

const longestHead = 16_384

/**
 * Whose order a request keeps to: a channel's, by its id; a bridge's of a call by that of the caller's channel, which it is
 * named after; the shared music's, by the bridge, but who comes and goes there by their channel.
 */
export function orderOf({ path, query = {}, lane }: Pick<Asked, 'path' | 'query' | 'lane'>): string {
  if (lane !== undefined) return lane
  const [, kind, id = '', what, made] = path.split('/')
  if (kind === 'channels' && id !== '') {
    if (id === 'create') return query.channelId ?? path
    return decodeURIComponent(what === 'snoop' && made !== undefined ? made : id)
  }
  if (kind !== 'bridges' || id === '') return path
  const bridge = decodeURIComponent(id)
  if (bridge.startsWith('gruppnummer-music-') && (what === 'addChannel' || what === 'removeChannel'))
    return query.channel ?? bridge
  return bridge.replace(/^gruppnummer-(talk|aside|own|ear)-/, '')
}
