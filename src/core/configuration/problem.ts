/** Something wrong in a configuration document. Errors make it unusable; warnings do not. */
export interface Problem {
  /** Where, as `groupNumbers[0].members[2].agent`; empty: the whole document. */
  readonly path: string
  /** What was expected, or what to do. */
  readonly message: string
  readonly severity: 'error' | 'warning'
}

export type PathPart = string | number

export const error = (path: readonly PathPart[], message: string): Problem => ({
  path: pathOf(path),
  message,
  severity: 'error',
})

export const warning = (path: readonly PathPart[], message: string): Problem => ({
  path: pathOf(path),
  message,
  severity: 'warning',
})

/** `['groupNumbers', 0, 'odd key']` is `groupNumbers[0]["odd key"]`. */
function pathOf(parts: readonly PathPart[]): string {
  let path = ''
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`
    else if (!/^[A-Za-z_$][\w$]*$/.test(part)) path += `[${JSON.stringify(part.slice(0, 100))}]`
    else path += path === '' ? part : `.${part}`
  }
  return path
}
