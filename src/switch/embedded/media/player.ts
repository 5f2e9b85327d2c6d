import type { Codec } from './g711.ts'
import { frameLength, silence } from './g711.ts'
import type { LoadedSound } from './loaded-sound.ts'

interface Playing {
  readonly sound: LoadedSound
  readonly ended: () => void
  frame: number
}

const silentFrame: Record<Codec, Buffer> = {
  PCMA: Buffer.alloc(frameLength, silence.PCMA),
  PCMU: Buffer.alloc(frameLength, silence.PCMU),
}

/** What a leg hears of ours: one sound over the music over silence. The music keeps its place. */
export class Player {
  #playing: Playing | undefined
  #music: readonly LoadedSound[] = []
  #musicOn = false
  #song = 0
  #frame = 0

  play(sound: LoadedSound, ended: () => void): void {
    this.#playing = { sound, ended, frame: 0 }
  }

  stop(): void {
    this.#playing = undefined
  }

  get playing(): boolean {
    return this.#playing !== undefined
  }

  /** The same music again goes on where it was. */
  music(sounds: readonly LoadedSound[]): void {
    const same = sounds.length === this.#music.length && sounds.every((sound, at) => sound === this.#music[at])
    if (!same) {
      this.#music = sounds
      this.#song = 0
      this.#frame = 0
    }
    this.#musicOn = sounds.some((sound) => sound.frames > 0)
  }

  stopMusic(): void {
    this.#musicOn = false
  }

  /**
   * The next 20 ms of what is played; undefined when nothing is (any more). Tells that a sound has ended when its last
   * frame has had its time.
   */
  nextPlayed(codec: Codec): Buffer | undefined {
    this.#endPlayed()
    return this.#playing && frameOf(this.#playing.sound, codec, this.#playing.frame++)
  }

  /** The next 20 ms of the music, or of silence. */
  nextUnderneath(codec: Codec): Buffer {
    return this.#musicOn ? this.#nextOfMusic(codec) : silentFrame[codec]
  }

  silence(codec: Codec): Buffer {
    return silentFrame[codec]
  }

  #endPlayed(): void {
    const playing = this.#playing
    if (!playing || playing.frame < playing.sound.frames) return
    this.#playing = undefined
    playing.ended()
  }

  #nextOfMusic(codec: Codec): Buffer {
    let song = this.#music[this.#song]
    while (!song || this.#frame >= song.frames) {
      this.#song = (this.#song + 1) % this.#music.length
      this.#frame = 0
      song = this.#music[this.#song]
    }
    return frameOf(song, codec, this.#frame++)
  }
}

function frameOf(sound: LoadedSound, codec: Codec, frame: number): Buffer {
  return sound.encoded[codec].subarray(frame * frameLength, (frame + 1) * frameLength)
}
