import { dirname } from 'node:path'
import type { ImportPreview } from '../../contract/administration.ts'
import { difference } from '../../core/configuration/difference.ts'
import type { Configuration, Message } from '../../core/configuration/types.ts'
import { pcmInWav } from '../../core/sound/pcm-in-wav.ts'
import type { Disk } from '../files.ts'
import { wordsOf, writeAtomically } from '../files.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import type { Package } from './package-file.ts'

export interface ImportParts {
  readonly disk: Disk
  /** The absolute path of an audio file; throws for a name that is none of ours. */
  readonly soundPath: (file: string) => string
  /** Whether a file is there, byte for byte. */
  readonly hasSound: (message: Pick<Message, 'file' | 'sha256'>) => Promise<boolean>
  readonly current: () => { readonly revision: number; readonly configuration: Configuration }
}

/** What importing would change. */
export async function previewImport(given: Package, parts: ImportParts): Promise<ImportPreview> {
  const { revision, configuration } = parts.current()
  const { missing, fresh } = await soundsOf(given, parts)
  return {
    revision,
    changes: difference(configuration, given.configuration),
    newAudio: fresh.length,
    missingAudio: missing.map(({ file }) => file),
    unplayableAudio: fresh.filter(({ content }) => !pcmInWav(content).ok).map(({ file }) => file),
  }
}

/**
 * Puts the audio of an export in its place, so that a document that names it can be taken into use. A file that is there
 * with other bytes, which older versions name, stays: then the new one is named by its hash.
 *
 * @returns the configuration to store.
 */
export async function placeSounds(
  given: Package,
  parts: Omit<ImportParts, 'current'>,
): Promise<Result<Configuration, string>> {
  const { missing, fresh } = await soundsOf(given, parts)
  const [first] = missing
  if (first) return failed(`the audio file ${first.file} is neither in the file nor here`)
  const renamed = new Map<string, string>()
  try {
    for (const { file, sha256, content } of fresh) {
      const isTaken = (await parts.disk.read(parts.soundPath(file), 1)) !== undefined
      const name = isTaken ? `audio/${sha256}${/\.\w+$/.exec(file)?.[0] ?? '.wav'}` : file
      if (isTaken) renamed.set(file, name)
      const path = parts.soundPath(name)
      await parts.disk.makeDirectory(dirname(path))
      await writeAtomically(parts.disk, { path, content, mode: 0o640 })
    }
  } catch (fault) {
    return failed(`the audio cannot be written: ${wordsOf(fault)}`)
  }
  if (renamed.size === 0) return ok(given.configuration)
  return ok({
    ...given.configuration,
    messages: given.configuration.messages.map((message) => ({
      ...message,
      file: renamed.get(message.file) ?? message.file,
    })),
  })
}

interface Sound {
  readonly file: string
  readonly sha256: string
  readonly content: Buffer
}

async function soundsOf({ configuration, sounds }: Package, { hasSound }: Pick<ImportParts, 'hasSound'>) {
  const missing: Message[] = []
  const fresh = new Map<string, Sound>()
  for (const message of configuration.messages) {
    if (fresh.has(message.file) || (await hasSound(message))) continue
    const content = sounds.get(message.file)
    if (content) fresh.set(message.file, { file: message.file, sha256: message.sha256, content })
    else missing.push(message)
  }
  return { missing, fresh: [...fresh.values()] }
}
