import type { Millis } from '../../core/clock.ts'

/** The length of a window, in milliseconds. */
const window: Millis = 10_000

/** The server's rate before anything was answered, in answers a minute: the first rate of a client's bucket. */
const firstPerMinute = 6

/** What the counts tell a client of the last complete window. */
export interface CountsReport {
  /** How many windows have been completed. */
  readonly windows: number
  /** How many attempts this client sent in it. */
  readonly sent: number
  /** The attempts of a client that was active in it, in the mean. */
  readonly mean: number
  /** How many clients sent something in it. */
  readonly clients: number
  /** How many 429s all clients got in it. */
  readonly throttled: number
  /** The most that the server answered in any window so far, in answers a minute. */
  readonly serverPerMinute: number
}

/** The counts as one client sees them. */
export interface ClientCounts {
  sent(now: Millis): void
  answered(now: Millis): void
  throttled(now: Millis): void
  report(now: Millis): CountsReport
}

/** The counts of a window: of each client by its number, and of all. */
interface Counts {
  readonly sent: Map<number, number>
  total: number
  answered: number
  throttled: number
}

const noCounts = (): Counts => ({ sent: new Map(), total: 0, answered: 0, throttled: 0 })

/**
 * What the clients of one account know of each other, in windows of 10 s from the start. The counts stand for a proxy or a store that
 * they share; here they are the tenants of one process, and an answer takes no time.
 */
export class SharedCounts {
  #clients = 0
  readonly #startedAt: Millis
  #windows = 0
  #last = noCounts()
  #present = noCounts()
  #mostAnswered = 0

  constructor(now: Millis) {
    this.#startedAt = now
  }

  /** Returns the counts as a further client sees them. */
  clientOf(): ClientCounts {
    const client = this.#clients++
    return {
      sent: (now) => {
        this.#advance(now)
        this.#present.total++
        this.#present.sent.set(client, (this.#present.sent.get(client) ?? 0) + 1)
      },
      answered: (now) => {
        this.#advance(now)
        this.#present.answered++
      },
      throttled: (now) => {
        this.#advance(now)
        this.#present.throttled++
      },
      report: (now) => {
        this.#advance(now)
        const { sent, total, throttled } = this.#last
        return {
          windows: this.#windows,
          sent: sent.get(client) ?? 0,
          mean: sent.size === 0 ? 0 : total / sent.size,
          clients: sent.size,
          throttled,
          serverPerMinute: Math.max(firstPerMinute, (this.#mostAnswered * 60_000) / window),
        }
      },
    }
  }

  /** Completes the windows that have passed. Those after the first of them are empty. */
  #advance(now: Millis): void {
    const windows = Math.floor((now - this.#startedAt) / window)
    if (windows === this.#windows) return
    this.#last = windows === this.#windows + 1 ? this.#present : noCounts()
    this.#mostAnswered = Math.max(this.#mostAnswered, this.#present.answered)
    this.#present = noCounts()
    this.#windows = windows
  }
}
