interface Link<T> {
  readonly item: T
  ahead: Link<T> | undefined
  behind: Link<T> | undefined
}

/** A list whose items leave it at once, from anywhere in it. */
export class LinkedList<T> {
  #head: Link<T> | undefined
  #tail: Link<T> | undefined

  get first(): T | undefined {
    return this.#head?.item
  }

  get last(): T | undefined {
    return this.#tail?.item
  }

  /** Puts an item at the end. Returns what takes it out, to be called once. */
  add(item: T): () => void {
    const link: Link<T> = { item, ahead: this.#tail, behind: undefined }
    if (this.#tail) this.#tail.behind = link
    else this.#head = link
    this.#tail = link
    return () => {
      const { ahead, behind } = link
      if (ahead) ahead.behind = behind
      else this.#head = behind
      if (behind) behind.ahead = ahead
      else this.#tail = ahead
      // Otherwise an old link would keep all that came after it in memory, until the garbage collector looks at old objects.
      link.ahead = undefined
      link.behind = undefined
    }
  }
}
