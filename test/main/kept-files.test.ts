import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCrashLog } from '../../src/main/crash-log.ts'
import { autostartEntry } from '../../src/main/login-entry.ts'
import { mayKeep, openSecretFile, type SafeStorage } from '../../src/main/secret-file.ts'
import { openSettingsFile, presets } from '../../src/main/settings-file.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'

/** Not the text itself, and only this keyring's. */
function keyring({ available = true, backend, key = 1 }: { available?: boolean; backend?: string; key?: number } = {}) {
  const turned = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ (0x5a + key)))
  const storage: SafeStorage = {
    isEncryptionAvailable: () => available,
    encryptString: (text) => turned(Buffer.from(`v${String(key)} ${text}`)),
    decryptString(encrypted) {
      const text = turned(encrypted).toString()
      if (!text.startsWith(`v${String(key)} `)) throw new Error('another keyring')
      return text.slice(`v${String(key)} `.length)
    },
    ...(backend !== undefined && { getSelectedStorageBackend: () => backend }),
  }
  return storage
}

const token = 'a-very-secret-token'

test('a secret is on the disk encrypted, for its owner alone, and read again', () => {
  const path = join(temporaryDirectory(), 'deep/session')
  openSecretFile(path, keyring()).keep(token)
  expect(readFileSync(path).includes(token)).toBe(false)
  expect(statSync(path).mode & 0o077).toBe(0)
  expect(readdirSync(join(path, '..'))).toEqual(['session'])
  expect(openSecretFile(path, keyring()).read()).toBe(token)
})

test.each([
  ['nothing to encrypt with', keyring({ available: false })],
  ['a keyring that falls back to plain text', keyring({ backend: 'basic_text' })],
])('with %s a secret lives as long as the program, and nothing is written', (_, storage) => {
  const directory = temporaryDirectory()
  const secret = openSecretFile(join(directory, 'session'), storage)
  expect(mayKeep(storage)).toBe(false)
  secret.keep(token)
  expect(secret.read()).toBe(token)
  expect(readdirSync(directory)).toEqual([])
})

test.each(['gnome_libsecret', 'kwallet6'])('a secret is kept with %s', (backend) => {
  expect(mayKeep(keyring({ backend }))).toBe(true)
})

test('a secret that is damaged, or of another keyring, is as none', () => {
  const path = join(temporaryDirectory(), 'session')
  openSecretFile(path, keyring()).keep(token)
  expect(openSecretFile(path, keyring({ key: 2 })).read()).toBeUndefined()
  writeFileSync(path, '')
  expect(openSecretFile(path, keyring()).read()).toBeUndefined()
})

test('a secret that is taken away is gone from the disk', () => {
  const path = join(temporaryDirectory(), 'session')
  const secret = openSecretFile(path, keyring())
  secret.keep(token)
  secret.remove()
  expect(secret.read()).toBeUndefined()
  expect(existsSync(path)).toBe(false)
})

test('settings are kept, changed one by one, and taken away', () => {
  const path = join(temporaryDirectory(), 'desktop.json')
  const file = openSettingsFile(path)
  expect(file.current).toEqual(presets)
  file.change({ service: 'https://tele.example.se', startAtLogin: true })
  file.change({ shortcuts: { answer: 'Ctrl+Alt+S' } })
  expect(openSettingsFile(path).current).toEqual({
    service: 'https://tele.example.se',
    startAtLogin: true,
    shortcuts: { answer: 'Ctrl+Alt+S' },
  })
  file.change({ service: undefined })
  expect(openSettingsFile(path).current).not.toHaveProperty('service')
})

test.each(['', '{"startAtLogin":', '[]', '{"startAtLogin":"yes","shortcuts":{}}', '{"secret":1}'])(
  'settings that cannot be read are set aside: %s',
  (text) => {
    const directory = temporaryDirectory()
    const path = join(directory, 'desktop.json')
    writeFileSync(path, text)
    expect(openSettingsFile(path).current).toEqual(presets)
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text)
  },
)

test('a crash is one line in a log that does not grow without end', () => {
  const directory = temporaryDirectory()
  const path = join(directory, 'crashes.log')
  const crashed = openCrashLog(path, () => new Date('2026-11-23T09:00:00Z'))
  crashed('window', { reason: 'crashed', code: 139 })
  expect(readFileSync(path, 'utf8')).toBe(
    '{"at":"2026-11-23T09:00:00.000Z","what":"window","reason":"crashed","code":139}\n',
  )
  writeFileSync(path, 'x'.repeat(1024 * 1024 + 1))
  crashed('service', { code: 1 })
  expect(readdirSync(directory).toSorted()).toEqual(['crashes.log', 'crashes.log.1'])
  expect(readFileSync(path, 'utf8')).toContain('"service"')
})

test('the entry that starts the program at log-in names it whatever its path holds', () => {
  expect(autostartEntry('/opt/Gruppnummer/gruppnummer')).toContain('Exec="/opt/Gruppnummer/gruppnummer" --hidden\n')
  expect(autostartEntry('/home/a b/100% "x"/$n')).toContain('Exec="/home/a b/100%% \\\\"x\\\\"/\\\\$n" --hidden\n')
})
