import { inject, onScopeDispose, readonly, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import { soundPath } from '../../../contract/console.ts'
import type { Message } from '../../../core/configuration/types.ts'

/** One sound at a time, for all the buttons of a page. */
export interface Listening {
  /** The address of what plays. */
  readonly playing: Readonly<Ref<string | undefined>>
  /** The address of what could not be played. */
  readonly failed: Readonly<Ref<string | undefined>>
  /** Seconds into it. */
  readonly at: Readonly<Ref<number>>
  /** Plays it from its beginning, or stops it where it plays. */
  toggle(source: string): void
  stop(): void
}

export const listeningKey: InjectionKey<Listening> = Symbol('listening')

/** Where a message is heard: one that is not saved yet is stored by its content. */
export const soundSourceKey: InjectionKey<(message: Message) => string> = Symbol('sound source')

export const useSoundSource = () => inject(soundSourceKey, () => (message: Message) => soundPath(message.id), true)

/** The page's, else one of its own that stops with the caller's scope. */
export function useListening(): Listening {
  return inject(listeningKey, createListening, true)
}

export function createListening(): Listening {
  const playing = shallowRef<string>()
  const failed = shallowRef<string>()
  const at = ref(0)
  let audio: HTMLAudioElement | undefined

  function stop() {
    audio?.pause()
    audio = undefined
    playing.value = undefined
    at.value = 0
  }

  function toggle(source: string) {
    const wasPlaying = playing.value === source
    stop()
    failed.value = undefined
    if (wasPlaying) return
    const mine = new Audio(source)
    audio = mine
    playing.value = source
    mine.addEventListener('timeupdate', () => {
      if (audio === mine) at.value = mine.currentTime
    })
    mine.addEventListener('ended', () => {
      if (audio === mine) stop()
    })
    mine.addEventListener('error', () => notPlayed(mine, source))
    mine.play().catch(() => notPlayed(mine, source))
  }

  /** A sound that was stopped before it began is no failure. */
  function notPlayed(which: HTMLAudioElement, source: string) {
    if (audio !== which) return
    stop()
    failed.value = source
  }

  onScopeDispose(stop)
  return { playing: readonly(playing), failed: readonly(failed), at: readonly(at), toggle, stop }
}
