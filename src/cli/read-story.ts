import { findJsonFault } from '../core/configuration/json-fault.ts'
import type { Configuration } from '../core/configuration/types.ts'
import { parseStory, playStory, type Line, type Story } from '../core/routing/story.ts'
import { StartProblem } from '../service/ports.ts'
import { readText, sayProblems } from './read-configuration.ts'

/** A story from a file. Throws `StartProblem` with the file, the place and what was expected. */
export function readStory(file: string): Story {
  const text = readText(file)
  const fault = findJsonFault(text)
  if (fault) throw new StartProblem(`${file}: line ${fault.line}, column ${fault.column}: ${fault.message}`)
  const story = parseStory(JSON.parse(text))
  if (!story.ok) throw new StartProblem(sayProblems(file, story.problem))
  return story.value
}

/** What comes of a story from `file` under a configuration; throws `StartProblem` where it cannot be played. */
export function playedOf(file: string, story: Story, configuration: Configuration): readonly Line[] {
  const played = playStory(story, configuration)
  if (!played.ok) throw new StartProblem(sayProblems(file, played.problem))
  return played.value
}
