import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How this program was installed, as far as updates are concerned. */
export interface Installed {
  readonly platform: NodeJS.Platform
  readonly packaged: boolean
  /** Of `app-update.yml`, which the packager writes; undefined: none was given. */
  readonly feed: string | undefined
  /** Of `app-update.yml`: whose signature an installer must bear (Windows). */
  readonly publisherNames: readonly string[]
}

/**
 * Why the program does not update itself; undefined: it does. Only where what is fetched is proved by a signature before it
 * runs: Authenticode by a named publisher on Windows, the code signature on macOS. On Linux the system's packages bring updates.
 */
export function whyNoUpdates({ platform, packaged, feed, publisherNames }: Installed): string | undefined {
  if (!packaged) return 'it runs from its source'
  if (feed === undefined) return 'it was packed without an address for updates'
  if (!URL.canParse(feed) || new URL(feed).protocol !== 'https:') return 'the address for updates is not https'
  if (platform === 'win32')
    return publisherNames.length > 0 ? undefined : 'no publisher is named whose signature counts'
  return platform === 'darwin' ? undefined : 'the system’s packages bring updates'
}

/** What the packager wrote of updates into `app-update.yml`, beside the program's archive. */
export function feedOf(resources: string): Pick<Installed, 'feed' | 'publisherNames'> {
  let text: string
  try {
    text = readFileSync(join(resources, 'app-update.yml'), 'utf8')
  } catch {
    return { feed: undefined, publisherNames: [] }
  }
  const [, feed] = /^url: *['"]?([^\s'"]+)/m.exec(text) ?? []
  const [, names = ''] = /^publisherName: *\n((?: +- .*\n?)+)/m.exec(text) ?? []
  const publisherNames = [...names.matchAll(/^ +- *['"]?(.+?)['"]?$/gm)].map(([, name = '']) => name)
  return { feed, publisherNames }
}
