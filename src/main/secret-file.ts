import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Electron's `safeStorage`, as far as it is used. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(encrypted: Buffer): string
  /** On Linux alone. */
  getSelectedStorageBackend?(): string
}

/** One text that is never on the disk as it is. */
export interface Secret {
  /** Undefined: none, or none that can be read any more. */
  read(): string | undefined
  keep(text: string): void
  remove(): void
}

/**
 * Whether what is encrypted is so: on Linux without a keyring safeStorage falls back to a key that everybody knows
 * (`basic_text`).
 */
export function mayKeep(safeStorage: SafeStorage): boolean {
  return safeStorage.isEncryptionAvailable() && safeStorage.getSelectedStorageBackend?.() !== 'basic_text'
}

/** Kept at `path` where it can be kept encrypted; else it lives as long as the program. */
export function openSecretFile(path: string, safeStorage: SafeStorage): Secret {
  const kept = mayKeep(safeStorage)
  let secret = kept ? stored() : undefined

  function stored(): string | undefined {
    try {
      return safeStorage.decryptString(readFileSync(path))
    } catch {
      // Missing, damaged, or of another keyring: as if there were none.
      return undefined
    }
  }

  return {
    read: () => secret,
    keep(text) {
      secret = text
      if (!kept) return
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const unfinished = `${path}.new`
      writeFileSync(unfinished, safeStorage.encryptString(text), { mode: 0o600, flush: true })
      renameSync(unfinished, path)
    },
    remove() {
      secret = undefined
      rmSync(path, { force: true })
    },
  }
}
