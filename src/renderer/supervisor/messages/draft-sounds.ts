import { provide } from 'vue'
import { storedAudioPath } from '../../../contract/administration.ts'
import { soundPath } from '../../../contract/console.ts'
import type { Message } from '../../../core/configuration/types.ts'
import { soundSourceKey } from '../../shared/listening.ts'
import { useDraftStore } from '../../stores/draft-store.ts'

/** For all below: a sound that is not saved is not found by the message's id yet, but by its content. */
export function provideDraftSounds() {
  const draft = useDraftStore()
  provide(soundSourceKey, ({ id, sha256 }: Message) => {
    const saved = draft.base?.configuration.messages.find((message) => message.id === id)
    return saved?.sha256 === sha256 ? soundPath(id) : storedAudioPath(sha256)
  })
}
