/** Where a text stops being JSON (RFC 8259); line and column count from 1. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A configuration is nested nine deep; this leaves room and stops a bomb. */
const deepest = 32

/**
 * Looks for the first fault: wrong syntax, nesting deeper than 32, or a key twice in one object, which
 * `JSON.parse` would answer by dropping the first. Own work since engines say the place in their own ways or
 * not at all.
 *
 * @returns `undefined`: `JSON.parse` reads the text and loses nothing of it.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  /** For each open object its keys, for each open list `undefined`. */
  const open: (Set<string> | undefined)[] = []
  let expects: 'value' | 'valueOrEnd' | 'keyOrEnd' | 'key' | 'commaOrEnd' | 'nothing' = 'value'
  let at = skipSpace(text, 0)

  for (; at < text.length; at = skipSpace(text, at)) {
    const character = text[at] ?? ''

    if (expects === 'nothing') return faultAt(text, at, 'expected nothing after the document')

    if (expects === 'commaOrEnd') {
      const keys = open.at(-1)
      const closing = keys ? '}' : ']'
      if (character === ',') expects = keys ? 'key' : 'value'
      else if (character === closing) expects = closed()
      else return faultAt(text, at, `expected , or ${closing}`)
      at += 1
      continue
    }

    if (expects === 'key' || expects === 'keyOrEnd') {
      if (character === '}' && expects === 'keyOrEnd') {
        expects = closed()
        at += 1
        continue
      }
      const end = endOfString(text, at)
      if (end === undefined) return faultAt(text, at, 'expected a key in double quotes')
      const key = String(JSON.parse(text.slice(at, end)))
      const keys = open.at(-1)
      if (keys?.has(key))
        return faultAt(text, at, `expected each key once: ${JSON.stringify(key.slice(0, 60))} comes twice`)
      keys?.add(key)
      at = skipSpace(text, end)
      if (text[at] !== ':') return faultAt(text, at, 'expected : after the key')
      at += 1
      expects = 'value'
      continue
    }

    if (character === '{' || character === '[') {
      if (open.length === deepest) return faultAt(text, at, `expected nesting of at most ${deepest} levels`)
      open.push(character === '{' ? new Set() : undefined)
      expects = character === '{' ? 'keyOrEnd' : 'valueOrEnd'
      at += 1
    } else if (character === ']' && expects === 'valueOrEnd') {
      expects = closed()
      at += 1
    } else {
      const end = endOfString(text, at) ?? match(literal, text, at)
      if (end === undefined) return faultAt(text, at, 'expected a value')
      at = end
      expects = open.length === 0 ? 'nothing' : 'commaOrEnd'
    }
  }

  return expects === 'nothing' ? undefined : faultAt(text, at, 'expected more: the text ends here')

  function closed() {
    open.pop()
    return open.length === 0 ? 'nothing' : 'commaOrEnd'
  }
}

const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const stringStop = /["\\\u0000-\u001f]/g
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const space = /[ \t\n\r]*/y

/** From stop to stop: one pattern for all of it would need as much stack as a hostile string is long. */
function endOfString(text: string, at: number): number | undefined {
  if (text[at] !== '"') return undefined
  for (let from = at + 1; ;) {
    stringStop.lastIndex = from
    const stop = stringStop.exec(text)
    if (stop?.[0] === '"') return stop.index + 1
    const next = stop?.[0] === '\\' ? match(escape, text, stop.index) : undefined
    if (next === undefined) return undefined
    from = next
  }
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

const skipSpace = (text: string, at: number) => match(space, text, at) ?? at

function faultAt(text: string, at: number, message: string): JsonFault {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return { line, column: at - before.lastIndexOf('\n'), message }
}
