import type { Notice } from '../../../src/core/routing/messages.ts'
import { parseInstant } from '../../../src/core/instant.ts'
import { instant } from '../../../src/core/time.ts'
import { start, type Scene } from './scene.ts'

const milliseconds = new Set(['waited', 'talked', 'after'])

/** What the journal would hold of a scene. */
export function noticesOf({ lines }: Scene, began: string = start): readonly Notice[] {
  const at = (seconds: unknown) => instant((parseInstant(began) ?? 0) + Number(seconds) * 1000)
  return lines
    .filter(({ kind }) => kind === 'notice')
    .map(({ kind: _, ...line }) => {
      const notice = Object.entries(line).map(([key, value]) => {
        if (key === 'at' || key === 'until') return [key, at(value)]
        return [key, milliseconds.has(key) ? Number(value) * 1000 : value]
      })
      return Object.fromEntries(notice) as Notice
    })
}
