import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startScene, type Scene } from '../console/service-scene.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { frame } from './web-socket-frame.ts'

/** What the switch's softphone socket hears, and what it answers. */
async function softphoneSocket() {
  const path = join(temporaryDirectory(), 's.sock')
  const heard: Buffer[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => heard.push(data))
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(path)
  await once(server, 'listening')
  return {
    path,
    text: () => Buffer.concat(heard).toString('latin1'),
    connection: async () => sockets[0] ?? ((await once(server, 'connection')) as [Socket])[0],
  }
}

const upgrade = ({ port, origin }: Scene['service'], more = '') =>
  `GET /sip HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`

const accepted = 'HTTP/1.1 101 Switching Protocols\r\n\r\n'

async function dial(scene: Scene, text: string | Buffer): Promise<Socket> {
  const socket = connect(scene.service.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'connect')
  return socket
}

const until = async (socket: Socket, isDone: () => boolean) => {
  while (!isDone()) await once(socket, 'data')
}

test('the raw upgrade and every byte go both ways, but for who is signed in', async () => {
  const inner = await softphoneSocket()
  const scene = await startScene({ switch: (scripted) => ({ ...scripted, softphoneSocket: { path: inner.path } }) })
  const more = 'Cookie: gruppnummer-1=secret\r\nSec-WebSocket-Extensions: permessage-deflate\r\n'
  const outer = await dial(scene, Buffer.concat([Buffer.from(upgrade(scene.service, more)), frame('first bytes')]))
  const connection = await inner.connection()
  await until(connection, () => inner.text().includes('first bytes'))
  expect(inner.text()).toContain('GET /sip HTTP/1.1\r\n')
  expect(inner.text()).toContain('Sec-WebSocket-Protocol: sip\r\n')
  expect(inner.text()).not.toContain('secret')
  expect(inner.text()).not.toContain('deflate')

  connection.write(Buffer.concat([Buffer.from(accepted), frame('from the switch')]))
  let answer = ''
  outer.on('data', (data) => (answer += data.toString('latin1')))
  await until(outer, () => answer.endsWith('from the switch'))
  outer.write(frame('and back'))
  await until(connection, () => inner.text().endsWith('and back'))
})

test('the switch is told that a softphone has come, and that it has gone', async () => {
  const inner = await softphoneSocket()
  let moves = 0
  const softphonesMoved = () => (moves += 1)
  const softphones = { softphoneSocket: { path: inner.path }, softphonesMoved }
  const scene = await startScene({ switch: (scripted) => ({ ...scripted, ...softphones }) })
  const outer = await dial(scene, upgrade(scene.service))
  const connection = await inner.connection()
  await until(connection, () => inner.text().includes('GET /sip'))
  expect(moves).toBe(1)
  outer.destroy()
  await once(connection, 'close')
  await vi.waitUntil(() => moves > 1)
  expect(moves).toBe(2)
})

test('either end that closes closes the other', async () => {
  const inner = await softphoneSocket()
  const scene = await startScene({ switch: (scripted) => ({ ...scripted, softphoneSocket: { path: inner.path } }) })
  const first = await dial(scene, upgrade(scene.service))
  const connection = await inner.connection()
  connection.destroy()
  await once(first, 'close')

  const second = await softphoneSocket()
  const other = await startScene({ switch: (scripted) => ({ ...scripted, softphoneSocket: { path: second.path } }) })
  const outer = await dial(other, upgrade(other.service))
  const innermost = await second.connection()
  outer.destroy()
  await once(innermost, 'close')
})

test('who does not read is not read for: the switch is held back, not a queue filled', async () => {
  const inner = await softphoneSocket()
  const scene = await startScene({ switch: (scripted) => ({ ...scripted, softphoneSocket: { path: inner.path } }) })
  const outer = await dial(scene, upgrade(scene.service))
  const connection = await inner.connection()
  connection.write(accepted)
  const part = Buffer.concat(Array.from({ length: 16 }, () => frame(Buffer.alloc(65_536 - 10))))
  const parts = 64
  for (let written = 0; written < parts; written++) connection.write(part)
  for (let look = 0; look < 20; look++) await fetch(`${scene.service.origin}/api/health`)
  expect(connection.writableLength).toBeGreaterThan((parts / 2) * part.length)

  let read = 0
  outer.on('data', (data) => (read += data.length))
  await until(outer, () => read === accepted.length + parts * part.length)
})

test('without a switch, or one that takes no softphones, the upgrade is answered 503', async () => {
  const scene = await startScene()
  const socket = await dial(scene, upgrade(scene.service))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1.1 503 /)
  const gone = await startScene({
    switch: (scripted) => ({ ...scripted, softphoneSocket: { path: '/nonexistent/softphones.sock' } }),
  })
  const other = await dial(gone, upgrade(gone.service))
  const [refused] = (await once(other, 'data')) as [Buffer]
  expect(refused.toString()).toMatch(/^HTTP\/1.1 503 /)
})
