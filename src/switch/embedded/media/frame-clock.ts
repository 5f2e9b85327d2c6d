/** Time, as the media knows it. Tests hand in their own. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Calls `wake` once, about `millis` from now, until the returned function is called. */
  after(millis: number, wake: () => void): () => void
}

export const monotonicClock: Clock = {
  now: () => performance.now(),
  after(millis, wake) {
    const timer = setTimeout(wake, millis)
    return () => {
      clearTimeout(timer)
    }
  },
}

const frameMillis = 20
/** Frames made up for after a stall; what is older is given up, or it would come as a burst that nobody can play. */
const mostCaughtUp = 5

/** Calls `frame` every 20 ms of `clock`'s time, `afterGap` where frames were given up; stops when told. */
export class FrameClock {
  readonly #clock: Clock
  readonly #frame: (now: number, afterGap: boolean) => void
  #cancel: (() => void) | undefined
  #due = 0

  constructor(clock: Clock, frame: (now: number, afterGap: boolean) => void) {
    this.#clock = clock
    this.#frame = frame
  }

  /** Does nothing where it runs. */
  start(): void {
    if (this.#cancel) return
    this.#due = this.#clock.now() + frameMillis
    this.#sleep()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #sleep(): void {
    this.#cancel = this.#clock.after(Math.max(0, this.#due - this.#clock.now()), () => {
      this.#wake()
    })
  }

  #wake(): void {
    const now = this.#clock.now()
    const late = Math.floor((now - this.#due) / frameMillis) + 1
    let afterGap = late > mostCaughtUp
    if (afterGap) this.#due += (late - mostCaughtUp) * frameMillis
    while (this.#cancel && this.#due <= now) {
      this.#frame(this.#due, afterGap)
      afterGap = false
      this.#due += frameMillis
    }
    if (this.#cancel) this.#sleep()
  }
}
