import type { SentAttempt } from './sent-attempt.ts'

/** From this score on rejects are taken to be free. */
const free = 4
const greatest = 8
/** At this score tests end for good: rejects count. */
const settled = -6

/**
 * Whether rejected requests count against the limits, which is not documented. At first they are taken to count, which is safe: a retry that
 * counts would otherwise keep the window full. A test is an attempt that has room only if they do not count; a denial
 * weighs twice as much as an admission, because a limit that is taken for too low admits such attempts as well.
 */
export class RejectTest {
  #score = 0
  #pending: SentAttempt | undefined

  get areFree(): boolean {
    return this.#score >= free
  }

  /** Whether a test may be sent now. */
  get isOpen(): boolean {
    return this.#score > settled && !this.#pending
  }

  send(attempt: SentAttempt): void {
    this.#pending = attempt
  }

  end(attempt: SentAttempt, outcome: 'admitted' | 'denied' | 'unknown'): void {
    if (attempt !== this.#pending) return
    this.#pending = undefined
    if (outcome === 'admitted') this.#score = Math.min(greatest, this.#score + 1)
    else if (outcome === 'denied') this.#score = Math.max(settled, this.#score - 2)
  }
}
