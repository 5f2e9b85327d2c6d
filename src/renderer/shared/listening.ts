import { inject, onScopeDispose, readonly, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import { soundPath } from '../../contract/console.ts'
import type { Message } from '../../core/configuration/types.ts'

/** One sound at a time, for all the buttons of a window. */
export interface Listening {
  /** The address of what plays. */
  readonly playing: Readonly<Ref<string | undefined>>
  /** The address of what could not be played. */
  readonly failed: Readonly<Ref<string | undefined>>
  /** Seconds into it. */
  readonly at: Readonly<Ref<number>>
  /** Plays it from its beginning, or stops it where it plays. */
  toggle(source: string): void
  /** Plays it from its beginning, instead of what plays. */
  play(source: string, and?: PlayOptions): void
  stop(): void
}

export interface PlayOptions {
  /** So much of it, in seconds. */
  readonly atMost?: number
  /** It came to its end, or cannot be played; not called where it is stopped, or another sound begins. */
  readonly then?: () => void
}

export const listeningKey: InjectionKey<Listening> = Symbol('listening')

/** Where a message is heard: one that is not saved yet is stored by its content. */
export const soundSourceKey: InjectionKey<(message: Message) => string> = Symbol('sound source')

export const useSoundSource = () => inject(soundSourceKey, () => (message: Message) => soundPath(message.id), true)

/** The window's, else one of its own that stops with the caller's scope. */
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
    if (playing.value === source) stop()
    else play(source)
  }

  function play(source: string, { atMost = Infinity, then }: PlayOptions = {}) {
    stop()
    failed.value = undefined
    const mine = new Audio(source)
    audio = mine
    playing.value = source
    /** A sound that was stopped, also before it began, is neither ended nor a failure. */
    const over = (asFailure: boolean) => {
      if (audio !== mine) return
      stop()
      if (asFailure) failed.value = source
      then?.()
    }
    mine.addEventListener('timeupdate', () => {
      if (audio !== mine) return
      at.value = mine.currentTime
      if (mine.currentTime >= atMost) over(false)
    })
    mine.addEventListener('ended', () => {
      over(false)
    })
    mine.addEventListener('error', () => {
      over(true)
    })
    mine.play().catch(() => {
      over(true)
    })
  }

  onScopeDispose(stop)
  return { playing: readonly(playing), failed: readonly(failed), at: readonly(at), toggle, play, stop }
}
