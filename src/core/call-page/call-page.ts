/** What an address may hold in braces, each percent-encoded where it is filled in. */
export const callPageValues = ['number', 'groupNumber', 'groupName', 'callId', 'agent', 'agentName'] as const
export type CallPageValue = (typeof callPageValues)[number]

/** `number` absent: hidden. */
export type CallPageValues = Readonly<Record<Exclude<CallPageValue, 'number'>, string>> & { readonly number?: string }

/** As long as browsers and servers agree on. */
const longest = 2000
const placeholder = /\{([^{}]*)\}/g

/** Up to the path: whose page it is stands there, and nothing of a call. RFC 3986 section 3.2.2, without a user's name. */
const origin = /^https:\/\/([a-z0-9-]+(\.[a-z0-9-]+)*\.?|\[[0-9a-f:.]+\])(:\d{1,5})?(?=[/?#]|$)/i

/**
 * What is wrong with the template of an address that is opened at a call, and what was expected; undefined: nothing.
 * Absolute and over https, without a name or password, with braces only behind the host.
 */
export function callPageProblem(template: string): string | undefined {
  if (template.length > longest) return `expected at most ${String(longest)} characters`
  // A parser of addresses leaves control characters out, and takes \ for /.
  if (/[\u0000-\u0020\u007f\\]/.test(template)) return 'expected an address without spaces, control characters and \\'
  if (!/^https:\/\//i.test(template)) return 'expected an address that begins with https://'
  if (/^[^/?#]*@/.test(template.slice('https://'.length))) return 'expected an address without a user name or password'
  if (!origin.test(template)) return 'expected the name of a host after https://, without braces'
  for (const [, name = ''] of template.matchAll(placeholder))
    if (!isValue(name)) return `expected in braces one of ${callPageValues.join(', ')}, not ${name}`
  if (/[{}]/.test(template.replace(placeholder, ''))) return 'expected every { to have its }'
  if (leadsElsewhere(template)) return 'expected a path without . and .. between slashes'
  return undefined
}

/**
 * The address for one call; undefined where there is none to open: the template is no good, it asks for the number of a caller who
 * hides it, or what is filled in would lead elsewhere on that host.
 */
export function callPageUrl(template: string, values: CallPageValues): string | undefined {
  if (callPageProblem(template) !== undefined) return undefined
  const asked = [...template.matchAll(placeholder)].flatMap(([, name = '']) => (isValue(name) ? [name] : []))
  if (asked.some((name) => values[name] === undefined)) return undefined
  const filled = template.replace(placeholder, (_, name: CallPageValue) =>
    encodeURIComponent((values[name] ?? '').toWellFormed()).replace(/[!'()*]/g, percent),
  )
  return filled.length > 2 * longest || leadsElsewhere(filled) ? undefined : filled
}

const percent = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

const isValue = (name: string): name is CallPageValue => (callPageValues as readonly string[]).includes(name)

/** `..` goes up in a path, however it is written. */
function leadsElsewhere(address: string): boolean {
  const [path = ''] = address.replace(origin, '').split(/[?#]/)
  return path.split('/').some((step) => /^(\.|%2e){1,2}$/i.test(step))
}
