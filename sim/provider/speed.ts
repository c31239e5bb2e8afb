import type { Millis } from '../../src/core/clock.ts'
import type { Service } from './latency.ts'

/**
 * When the nth output token is ready, milliseconds after the admission: the first at `firstToken`, the last at `total`, and the others evenly
 * between these two.
 */
export function readyAt(nth: number, { firstToken, total }: Service, tokens: number): Millis {
  if (nth < 1) return 0
  if (tokens <= 1) return firstToken
  return firstToken + Math.round(((total - firstToken) * (nth - 1)) / (tokens - 1))
}

/** How many output tokens are ready this long after the admission: the inverse of `readyAt`. */
export function readyBy(elapsed: Millis, service: Service, tokens: number): number {
  let low = 0
  let high = tokens
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (readyAt(middle, service, tokens) <= elapsed) low = middle
    else high = middle - 1
  }
  return low
}
