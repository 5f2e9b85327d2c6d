import type { LegListener } from '../../../../src/switch/embedded/media/media.ts'

/** A listener that keeps what it is told, as words. */
export class Told implements LegListener {
  readonly words: string[] = []

  digit(digit: string): void {
    this.words.push(`digit ${digit}`)
  }

  lost(why: string): void {
    this.words.push(`lost ${why}`)
  }
}
