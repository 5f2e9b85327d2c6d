import { vi } from 'vitest'

/** Keeps what the page hands the browser to save, in place of the browser: names, and texts without byte order mark. */
export function keepSavedFiles() {
  const files: { name: string; text: Promise<string> }[] = []
  let given: Blob | undefined
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    given = blob as Blob
    return 'blob:kept'
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    if (given) files.push({ name: this.download, text: given.text().then((text) => text.replace(/^\uFEFF/, '')) })
    given = undefined
  })
  return {
    /** The last one, as lines. */
    async lines() {
      const text = (await files.at(-1)?.text) ?? ''
      return text.split('\r\n').slice(0, -1)
    },
    get name() {
      return files.at(-1)?.name
    },
  }
}
