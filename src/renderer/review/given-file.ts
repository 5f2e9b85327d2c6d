import { reviewNameHeader, reviewPath } from '../../contract/review.ts'

/**
 * The token in the address of `gruppnummer review` (`#file=TOKEN`). It stays there, so that a reload shows the file again;
 * it is worth nothing once the command has ended.
 */
export const fileToken = () => /^#file=([\w-]{20,100})$/.exec(location.hash)?.[1]

/** The file that the command was given; undefined: the command has ended, or this address is an old one. */
export async function fetchGivenFile(token: string, ask: typeof fetch = fetch): Promise<File | undefined> {
  try {
    const answer = await ask(reviewPath, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) return undefined
    const name = decodeURIComponent(answer.headers.get(reviewNameHeader) ?? '')
    const modified = Date.parse(answer.headers.get('last-modified') ?? '')
    const options = Number.isNaN(modified) ? {} : { lastModified: modified }
    return new File([await answer.blob()], name, options)
  } catch {
    return undefined
  }
}
