import { desktopOrigin } from '../contract/console.ts'

/**
 * What a window of ours may do (Electron's security checklist): decided here, without Electron, so that each rule has a
 * test that breaks it.
 */

/** Only the console's own pages are shown; everything else is refused. */
export const mayShow = (url: string): boolean => originOf(url) === desktopOrigin

const longestAddress = 8000

/** Another page is opened by the person's browser, and only over https. */
export function mayOpenOutside(url: string): boolean {
  // A parser leaves control characters out and takes \ for /, and who is handed the address may not.
  if (url.length > longestAddress || /[^\u0021-\u007e]|\\/.test(url) || !URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === ''
}

export interface Asking {
  readonly url: string
  readonly mainFrame: boolean
  /** What is asked of `media`; absent: not said. */
  readonly mediaTypes?: readonly string[]
}

/** What a page may use: sound and headset for the softphone, and what a button of ours does; from our own page in the main frame. */
export function mayUse(permission: string, { url, mainFrame, mediaTypes = [] }: Asking): boolean {
  if (!mainFrame || originOf(url) !== desktopOrigin) return false
  if (permission === 'media') return mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio')
  return usable.includes(permission)
}

/** `fullscreen`: the queue monitor on a wall. `clipboard-sanitized-write`: a number or a link is copied, never read. */
const usable = ['speaker-selection', 'hid', 'fullscreen', 'clipboard-sanitized-write']

/** A headset's buttons (WebHID), and no other kind of device. */
export const mayUseDevice = ({
  deviceType,
  origin,
}: {
  readonly deviceType: string
  readonly origin: string
}): boolean => deviceType === 'hid' && originOf(origin) === desktopOrigin

/** Whether an IPC request comes from our own page's main frame. */
export function isOurs(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && originOf(frame.url) === desktopOrigin
}

/** No Node in the page, and its own world for ours. */
export const webPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // A call must ring on time in a window that is behind others.
  backgroundThrottling: false,
} as const

/** Not `URL.origin`, which is `null` for every scheme of one's own. */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
