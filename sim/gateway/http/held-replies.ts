const mebi = 1024 * 1024

/** The longest reply that is read as a whole, characters. Streams may be longer. */
const longestReply = 64 * mebi

/** How long all whole replies in memory may be together, characters. */
const mostHeld = 128 * mebi

/** The whole replies that a gateway has in memory, until their customers have them. */
export class HeldReplies {
  #size = 0
  #count = 0

  /** Counts another reply, of which nothing has come yet. */
  begin(): HeldReply {
    this.#count++
    let own = 0
    let isHeld = true
    return {
      add: (size) => {
        if (!isHeld) return false
        own += size
        this.#size += size
        // Beyond the bound a reply must be no longer than an even share, so that long ones do not make short ones fail.
        return own <= longestReply && (this.#size <= mostHeld || own * this.#count <= mostHeld)
      },
      release: () => {
        if (!isHeld) return
        isHeld = false
        this.#count--
        this.#size -= own
      },
    }
  }
}

/** One whole reply. */
export interface HeldReply {
  /** Counts this many more characters. Returns false when the reply is too long to be held, or is released. */
  add(size: number): boolean
  /** Takes the reply out of the count. */
  release(): void
}
