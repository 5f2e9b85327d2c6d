/**
 * What a window of ours may do (Electron's security checklist): decided here, without Electron, so that each rule has a
 * test that breaks it.
 */

/** The console's own origin, such as `http://127.0.0.1:8330`. */
export type Origin = string

/** Only the console's own pages are shown; everything else is refused. */
export function mayShow(url: string, console: Origin): boolean {
  return originOf(url) === console
}

/** Another page is opened by the person's browser, and only over https. */
export function mayOpenOutside(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:'
}

/** What a page may use: sound for the softphone, from our own page in the main frame. */
export function mayUse(
  permission: string,
  asking: {
    readonly url: string
    readonly mainFrame: boolean
    readonly mediaTypes?: readonly string[]
  },
  console: Origin,
): boolean {
  if (!asking.mainFrame || originOf(asking.url) !== console) return false
  if (permission === 'speaker-selection') return true
  return permission === 'media' && (asking.mediaTypes ?? []).every((type) => type === 'audio')
}

/** Whether an IPC request comes from our own page's main frame. */
export function isOurs(frame: { readonly url: string; readonly parent: unknown } | null, console: Origin): boolean {
  return frame !== null && frame.parent === null && originOf(frame.url) === console
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
  webviewTag: false,
  navigateOnDragDrop: false,
  // A call must ring on time in a window that is behind others.
  backgroundThrottling: false,
} as const

function originOf(url: string): Origin | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
