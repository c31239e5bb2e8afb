interface Entry<T> {
  readonly item: T
  readonly key: number
  readonly sequence: number
  index: number
}

/** Items in the order of their keys, the smallest first; equal keys in the order in which they were added. Any item leaves in O(log n). */
export class Heap<T> {
  readonly #entries: Entry<T>[] = []
  #added = 0

  get first(): T | undefined {
    return this.#entries[0]?.item
  }

  /** Returns what takes the item out again, to be called once. */
  add(item: T, key: number): () => void {
    const entry: Entry<T> = { item, key, sequence: this.#added++, index: this.#entries.length }
    this.#entries.push(entry)
    this.#rise(entry)
    return () => this.#remove(entry)
  }

  #remove(entry: Entry<T>): void {
    const last = this.#entries.pop()!
    if (last === entry) return
    this.#put(last, entry.index)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(entry: Entry<T>): void {
    while (entry.index > 0) {
      const parent = this.#entries[(entry.index - 1) >> 1]!
      if (!isBefore(entry, parent)) return
      this.#swap(entry, parent)
    }
  }

  #sink(entry: Entry<T>): void {
    for (;;) {
      const left = this.#entries[2 * entry.index + 1]
      const right = this.#entries[2 * entry.index + 2]
      const child = right && isBefore(right, left!) ? right : left
      if (!child || !isBefore(child, entry)) return
      this.#swap(child, entry)
    }
  }

  #swap(a: Entry<T>, b: Entry<T>): void {
    const { index } = a
    this.#put(a, b.index)
    this.#put(b, index)
  }

  #put(entry: Entry<T>, index: number): void {
    this.#entries[index] = entry
    entry.index = index
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.sequence < b.sequence)
}
