import type { Deadline, Due } from './state.ts'

/** Of one instant, the lower fires first (design section 7). */
const rank: Readonly<Record<Due['kind'], number>> = {
  ring: 0,
  wrapUp: 1,
  limit: 2,
  closing: 3,
  comfort: 4,
  callback: 5,
  served: 5,
  retry: 5,
  escalate: 5,
  progress: 5,
}

/** A binary heap that knows where each deadline is, so that one taken back leaves nothing behind. */
export class Deadlines {
  readonly #heap: Deadline[] = []

  get first(): Deadline | undefined {
    return this.#heap[0]
  }

  /** In no order. */
  get all(): readonly Deadline[] {
    return this.#heap
  }

  add(deadline: Deadline): void {
    deadline.place = this.#heap.length
    this.#heap.push(deadline)
    this.#rise(deadline)
  }

  remove(deadline: Deadline): void {
    const { place } = deadline
    if (place < 0) return
    deadline.place = -1
    const last = this.#heap.pop()
    if (last === undefined || last === deadline) return
    this.#put(last, place)
    this.#rise(last)
    this.#sink(last)
  }

  #put(deadline: Deadline, place: number): void {
    this.#heap[place] = deadline
    deadline.place = place
  }

  #rise(deadline: Deadline): void {
    while (deadline.place > 0) {
      const { place } = deadline
      const parentPlace = (place - 1) >> 1
      const parent = this.#heap[parentPlace]
      if (parent === undefined || !isBefore(deadline, parent)) return
      this.#put(parent, place)
      this.#put(deadline, parentPlace)
    }
  }

  #sink(deadline: Deadline): void {
    for (;;) {
      const { place } = deadline
      const left = this.#heap[2 * place + 1]
      const right = this.#heap[2 * place + 2]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || !isBefore(child, deadline)) return
      const below = child.place
      this.#put(child, place)
      this.#put(deadline, below)
    }
  }
}

function isBefore(one: Deadline, other: Deadline): boolean {
  if (one.at !== other.at) return one.at < other.at
  const ranks = rank[one.due.kind] - rank[other.due.kind]
  return ranks !== 0 ? ranks < 0 : one.order < other.order
}
