/** Longer ones no server takes. */
const longest = 8000

/** Only over https, and with nobody's name or password. */
export function mayOpen(url: string): boolean {
  if (url.length > longest || !URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === ''
}

/**
 * Opens a page that is not ours: in the person's own browser from the desktop program, else beside this page, which it knows
 * nothing of. Whether it was opened.
 */
export async function openOutside(url: string): Promise<boolean> {
  if (!mayOpen(url)) return false
  if (window.desktop) return window.desktop.openOutside(url).catch(() => false)
  // With `noopener` the answer is always null, and nobody knows whether it was blocked: the tie is cut before it goes there.
  const beside = window.open('', '_blank')
  if (!beside) return false
  beside.opener = null
  beside.location.replace(url)
  return true
}
