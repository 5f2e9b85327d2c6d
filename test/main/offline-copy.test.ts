import type { IpcMainInvokeEvent, WebFrameMain } from 'electron'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DesktopRequests } from '../../src/contract/desktop.ts'
import { openOfflineCopy } from '../../src/main/offline-copy.ts'
import type { SafeStorage } from '../../src/main/secret-file.ts'
import { serveRequests } from '../../src/main/serve-requests.ts'
import { createDesktop } from '../../src/preload/create-desktop.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'

const day = 24 * 60 * 60 * 1000
const noon = Date.UTC(2026, 10, 23, 11)
const secretName = 'Kundtjänst Hemlig'

/** Not the text itself. */
const keyring = (backend?: string): SafeStorage => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x5a)),
  decryptString: (encrypted) => Buffer.from(encrypted.map((byte) => byte ^ 0x5a)).toString(),
  ...(backend !== undefined && { getSelectedStorageBackend: () => backend }),
})

/** A program on `directory`, its window joined to it without Electron. */
function program(directory: string, { now = noon, storage = keyring() } = {}) {
  const copy = openOfflineCopy(join(directory, 'offline-copy'), storage, () => now)
  const handlers = new Map<string, (event: IpcMainInvokeEvent, ...given: unknown[]) => unknown>()
  const requests = { readCopy: copy.read, keepCopy: copy.keep, removeCopy: copy.remove } as unknown as Parameters<
    typeof serveRequests
  >[1] &
    DesktopRequests
  serveRequests({ handle: (name, handler) => void handlers.set(name, handler) }, requests, () => true)
  const event = { senderFrame: { url: 'app://gruppnummer/', parent: null } as WebFrameMain } as IpcMainInvokeEvent
  const ipc = {
    invoke: async (name: string, ...given: unknown[]) => Promise.resolve(handlers.get(name)?.(event, ...given)),
  }
  return createDesktop(ipc as Parameters<typeof createDesktop>[0], 'http://127.0.0.1:8330')
}

const onDisk = (directory: string) =>
  readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString())

test('[A24] a copy is read again by the next program, and nothing of it is on the disk in plain text', async () => {
  const directory = temporaryDirectory()
  await program(directory).keepCopy(secretName)
  expect(onDisk(directory)).toHaveLength(1)
  expect(onDisk(directory).join()).not.toContain('Hemlig')
  expect(await program(directory).readCopy()).toEqual({ mayKeep: true, text: secretName })
})

test.each<[string, SafeStorage]>([
  ['a keyring that falls back to plain text', keyring('basic_text')],
  ['nothing to encrypt with', { ...keyring(), isEncryptionAvailable: () => false }],
])('[A24] with %s there is none, and one of before goes', async (_, storage) => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'offline-copy'), 'of before')
  const desktop = program(directory, { storage })
  await desktop.keepCopy(secretName)
  expect(await desktop.readCopy()).toEqual({ mayKeep: false })
  expect(onDisk(directory)).toEqual([])
})

test('[A24] it goes when it is removed, and when it is 30 days old, whoever opens the program', async () => {
  const directory = temporaryDirectory()
  const desktop = program(directory)
  await desktop.keepCopy(secretName)
  await desktop.removeCopy()
  expect(await desktop.readCopy()).toEqual({ mayKeep: true })
  expect(existsSync(join(directory, 'offline-copy'))).toBe(false)

  await desktop.keepCopy(secretName)
  expect(await program(directory, { now: noon + 30 * day }).readCopy()).toMatchObject({ text: secretName })
  program(directory, { now: noon + 30 * day + 1 })
  expect(onDisk(directory)).toEqual([])
})

test('[A24] one that another keyring made, or that is damaged, is as none', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'offline-copy'), 'no copy')
  expect(await program(directory).readCopy()).toEqual({ mayKeep: true })
})
