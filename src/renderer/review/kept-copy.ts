import { z } from 'zod'
import { configurationSchema } from '../../core/configuration/schema.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { instant, type Instant } from '../../core/time.ts'
import type { Desktop } from '../../contract/desktop.ts'
import type { OfflinePage } from './offline-page.ts'

/** The last configuration that an account might see, for reading where the service cannot be reached. */
export interface KeptCopy {
  readonly account: string
  readonly revision: number
  /** When the service last said that it was so. */
  readonly at: Instant
  readonly configuration: Configuration
}

/** Where one copy is kept. */
export interface KeptCopies {
  /** Kept without being asked for: what keeps it encrypts it. */
  readonly always?: true
  /** Undefined: none, or none that can be read. */
  read(): Promise<KeptCopy | undefined>
  keep(copy: KeptCopy): Promise<void>
  remove(): Promise<void>
}

const thirtyDays = 30 * 24 * 60 * 60 * 1000

export const isTooOld = ({ at }: KeptCopy, now: Instant) => now - at > thirtyDays || at > now + thirtyDays

/** Numbers of people who call stay in the service: rules about single callers are left out. */
export function withoutCallers(configuration: Configuration): Configuration {
  return {
    ...configuration,
    groupNumbers: configuration.groupNumbers.map((group) => {
      const { callers: _, ...settings } = group.settings
      return { ...group, settings }
    }),
  }
}

const copySchema = z.object({
  account: z.string(),
  revision: z.number(),
  at: z.number().transform(instant),
  // A supervisor's part may name what is not in it, so its form alone is judged.
  configuration: configurationSchema,
})

/** In this browser's IndexedDB: one database, one store, one entry; and `page` to read it in. */
export function browserCopies(indexedDb: IDBFactory, page: OfflinePage): KeptCopies {
  const name = 'gruppnummer-copy'
  const store = 'copies'

  function opened(): Promise<IDBDatabase> {
    const request = indexedDb.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    return settled(request)
  }
  async function inStore<Value>(
    mode: IDBTransactionMode,
    act: (objects: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> {
    const database = await opened()
    try {
      return await settled(act(database.transaction(store, mode).objectStore(store)))
    } finally {
      database.close()
    }
  }

  return {
    async read() {
      const kept: unknown = await inStore('readonly', (objects) => objects.get('newest')).catch(() => undefined)
      const read = copySchema.safeParse(kept)
      return read.success ? read.data : undefined
    },
    async keep(copy) {
      // A browser in private mode may refuse: then there is no copy.
      await inStore('readwrite', (objects) => objects.put(copy, 'newest')).catch(() => undefined)
      await page.keep().catch(() => undefined)
    },
    async remove() {
      await inStore('readwrite', (objects) => objects.clear()).catch(() => undefined)
      await page.drop().catch(() => undefined)
    },
  }
}

/** In the desktop program, which encrypts it. */
export function desktopCopies(desktop: Pick<Desktop, 'readCopy' | 'keepCopy' | 'removeCopy'>): KeptCopies {
  return {
    always: true,
    async read() {
      const { text } = await desktop.readCopy()
      if (text === undefined) return undefined
      try {
        return copySchema.safeParse(JSON.parse(text)).data
      } catch {
        return undefined
      }
    },
    keep: (copy) => desktop.keepCopy(JSON.stringify(copy)).catch(() => undefined),
    remove: () => desktop.removeCopy().catch(() => undefined),
  }
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
}
