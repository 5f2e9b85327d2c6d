/**
 * The free agents of one level of a group number, by key, with places in member order.
 *
 * Two trees over the places: the least key (a tournament), and the sum of weights. Each change and
 * each question takes as many steps as the tree is high, whatever the number of agents.
 */
export class FreeAgents {
  readonly #leaves: number
  readonly #least: Float64Array
  readonly #weight: Float64Array
  #count = 0

  constructor(places: number) {
    let leaves = 1
    while (leaves < places) leaves *= 2
    this.#leaves = leaves
    this.#least = new Float64Array(2 * leaves).fill(Infinity)
    this.#weight = new Float64Array(2 * leaves)
  }

  get count(): number {
    return this.#count
  }

  has(place: number): boolean {
    return this.#key(this.#leaves + place) < Infinity
  }

  keyAt(place: number): number {
    return this.#key(this.#leaves + place)
  }

  weightAt(place: number): number {
    return this.#sum(this.#leaves + place)
  }

  /** `key` is finite; the least is first. */
  add(place: number, key: number, weight: number): void {
    if (!this.has(place)) this.#count += 1
    this.#set(place, key, weight)
  }

  remove(place: number): void {
    if (!this.has(place)) return
    this.#count -= 1
    this.#set(place, Infinity, 0)
  }

  /** The place with the least key; of equals the first. -1: nobody is free. */
  first(): number {
    if (this.#count === 0) return -1
    let node = 1
    while (node < this.#leaves) node = this.#key(2 * node) <= this.#key(2 * node + 1) ? 2 * node : 2 * node + 1
    return node - this.#leaves
  }

  /** The first free place after `place`, not going round; -1: none. */
  firstAfter(place: number): number {
    let node = this.#leaves + place
    while (node > 1) {
      const isLeft = node % 2 === 0
      if (isLeft && this.#key(node + 1) < Infinity) return this.#leftmost(node + 1)
      node >>= 1
    }
    return -1
  }

  /** The first free place in member order; -1: none. */
  firstPlace(): number {
    return this.#count === 0 ? -1 : this.#leftmost(1)
  }

  /** By weight; where none weighs, the first in member order. `drawn` is from 0, inclusive, to 1, exclusive. -1: nobody is free. */
  drawn(drawn: number): number {
    if (this.#count === 0) return -1
    if (this.#sum(1) === 0) return this.firstPlace()
    let node = 1
    let left = drawn * this.#sum(1)
    while (node < this.#leaves) {
      node *= 2
      const weight = this.#sum(node)
      const goesRight = this.#key(node) === Infinity || (left >= weight && this.#key(node + 1) < Infinity)
      if (!goesRight) continue
      left -= weight
      node += 1
    }
    return node - this.#leaves
  }

  #leftmost(top: number): number {
    let node = top
    while (node < this.#leaves) node = this.#key(2 * node) < Infinity ? 2 * node : 2 * node + 1
    return node - this.#leaves
  }

  #set(place: number, key: number, weight: number): void {
    let node = this.#leaves + place
    this.#least[node] = key
    this.#weight[node] = weight
    for (node >>= 1; node >= 1; node >>= 1) {
      this.#least[node] = Math.min(this.#key(2 * node), this.#key(2 * node + 1))
      this.#weight[node] = this.#sum(2 * node) + this.#sum(2 * node + 1)
    }
  }

  #key(node: number): number {
    return this.#least[node] ?? Infinity
  }

  #sum(node: number): number {
    return this.#weight[node] ?? 0
  }
}
