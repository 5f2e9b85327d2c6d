/** Longer is no telephone number: E.164 has 15 digits, and a prefix to dial out may come before them. */
const mostDigits = 20

/**
 * The number that a `tel:` link (RFC 3966) or a `callto:` link names, without what is there for reading; undefined: none.
 * Parameters (`;ext=`, `;phone-context=`) are passed over.
 */
export function numberOfLink(link: string): string | undefined {
  const [, written] = /^(?:tel|callto):(?:\/\/)?([^;?]+)/i.exec(link) ?? []
  if (written === undefined) return undefined
  let text: string
  try {
    text = decodeURIComponent(written)
  } catch {
    return undefined
  }
  const number = text.replaceAll(/[\s().-]/g, '')
  return /^\+?[0-9*#]+$/.test(number) && number.length <= mostDigits + 1 ? number : undefined
}

/** Of a program's arguments: how Windows and Linux hand over a link. */
export function numberAmong(args: readonly string[]): string | undefined {
  for (const each of args) {
    const number = numberOfLink(each)
    if (number !== undefined) return number
  }
  return undefined
}
