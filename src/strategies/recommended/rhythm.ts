import type { Millis } from '../../core/clock.ts'
import { partitionPoint } from '../../core/partition-point.ts'

/** The shortest window of a limit that the provider documents. */
const period: Millis = 1000

/** The delays of two attempts in the network differ by less, as a rule. */
const margin: Millis = 20

/** How many periods a send is repeated after: more than one, for rates below one in a period. */
const beats = [1, 2] as const

/**
 * The rhythm of own sends. What was admitted in a sliding window leaves it exactly one window later, and that is when there is room for
 * one attempt more, whoever else sends. So a process that repeats its own sends is denied less than one that sends at any time. A
 * rhythm of the shortest window also fits all windows that are multiples of it.
 */
export class Rhythm {
  /** In the order in which they were sent. */
  #sends: Millis[] = []

  send(now: Millis): void {
    this.#sends.push(now)
    while (this.#sends[0]! <= now - (beats.length + 1) * period) this.#sends.shift()
  }

  /** The attempt of this instant was denied: it took no room, and leaves none. */
  deny(sentAt: Millis): void {
    const place = this.#sends.indexOf(sentAt)
    if (place >= 0) this.#sends.splice(place, 1)
  }

  /** Returns the instant in the rhythm that is nearest to `wanted`, if it is at most `tolerance` away; otherwise `wanted`. */
  near(wanted: Millis, tolerance: Millis): Millis {
    let best = wanted
    let least = tolerance
    for (const beat of beats) {
      const after = beat * (period + margin)
      const later = partitionPoint(this.#sends.length, (k) => this.#sends[k]! + after < wanted)
      for (const sent of this.#sends.slice(Math.max(0, later - 1), later + 1)) {
        if (Math.abs(sent + after - wanted) > least) continue
        least = Math.abs(sent + after - wanted)
        best = sent + after
      }
    }
    return best
  }
}
