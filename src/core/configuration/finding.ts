import { error, warning, type PathPart, type Problem } from './problem.ts'
import type { Configuration, GroupNumber, Language } from './types.ts'

/** A problem of a valid document: `message` is the English of `words`. */
export interface Finding extends Problem {
  readonly words: Words
}

export type Words = Readonly<Record<Language, string>>

/** A rule says its findings from the group number's own path on. */
export type GroupRule = (group: GroupNumber, configuration: Configuration) => readonly Found[]
export type Found = (group: readonly PathPart[]) => Finding

/** How bad it is, and where, in which words. */
export type Say = (path: readonly PathPart[], words: Words) => Finding

export const bad: Say = (path, words) => ({ ...error(path, words.en), words })
export const doubtful: Say = (path, words) => ({ ...warning(path, words.en), words })

/** In a group number. */
export const here =
  (path: readonly PathPart[], words: Words): Found =>
  (group) =>
    doubtful([...group, ...path], words)
