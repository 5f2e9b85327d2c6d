import { join } from 'node:path'
import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'
import { runCommand } from './run-command.ts'

const redeem = (link: string) => {
  const { origin, hash } = new URL(link)
  return fetch(`${origin}/api/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link: hash.slice('#link='.length) }),
  })
}

test('a link is made by the running service, and by a stopped one for when it runs again', async () => {
  const directory = temporaryDirectory()
  const serve = () => runCommand('serve', ['--config', directory])
  const serving = serve()
  await serving.prints(/#link=/)
  expect(statSync(join(directory, 'service.sock')).mode & 0o77).toBe(0)

  const { code, stdout } = await runCommand('link', ['admin', '--config', directory]).ended
  expect(code).toBe(0)
  expect(await (await redeem(stdout.trim())).json()).toMatchObject({ name: 'admin' })

  serving.process.kill('SIGTERM')
  await serving.ended
  const later = await runCommand('link', ['admin', '--config', directory]).ended
  expect(later.code).toBe(0)
  await serve().prints(/listens on/)
  expect(await (await redeem(later.stdout.trim())).json()).toMatchObject({ name: 'admin' })
})

test('a service that was killed leaves nothing that stands in the way', async () => {
  const directory = temporaryDirectory()
  const killed = runCommand('serve', ['--config', directory])
  await killed.prints(/#link=/)
  killed.process.kill('SIGKILL')
  await killed.ended
  expect((await runCommand('link', ['admin', '--config', directory]).ended).code).toBe(0)
  await runCommand('serve', ['--config', directory]).prints(/listens on/)
  expect((await runCommand('link', ['admin', '--config', directory]).ended).code).toBe(0)
})

test.each<[string, string[], RegExp]>([
  ['no account named', [], /expected one ACCOUNT/],
  ['two accounts named', ['a', 'b'], /expected one ACCOUNT/],
  ['a directory where nothing has run', ['admin'], /no service has run here/],
])('%s: exit code 2 and one line', async (_, args, words) => {
  const { code, stderr } = await runCommand('link', [...args, '--config', temporaryDirectory()]).ended
  expect(code).toBe(2)
  expect(stderr).toMatch(words)
  expect(stderr.split('\n')).toHaveLength(2)
})

test('an unknown account is told with those there are', async () => {
  const directory = temporaryDirectory()
  await runCommand('serve', ['--config', directory, '--port', '0']).prints(/#link=/)
  const { code, stderr } = await runCommand('link', ['nobody', '--config', directory]).ended
  expect([code, stderr]).toEqual([2, 'gruppnummer link: no account nobody: expected one of admin\n'])
})
