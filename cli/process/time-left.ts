import type { Millis } from '../../src/core/clock.ts'

/** Before this much time has passed, the rate says too little. The first runs include the time in which workers start. */
const leastElapsed: Millis = 2000

/** How slowly the predicted end follows a new one, as a share of the time since the start. Early predictions are poor and soon forgotten. */
const smoothing = 0.25

/** Predicts the time that is left, from what has been reported. */
export interface TimeLeft {
  /** Takes note that `done` parts of the work were done at `elapsed` after the start. Returns the time left, if it can be told yet. */
  at(elapsed: Millis, done: number): Millis | undefined
}

/**
 * Returns a prediction for work of `total` equal parts. The rate since the start gives an end, elapsed · total / done, which
 * the prediction follows smoothly: end += (new end − end) · (1 − e^(−Δt / (smoothing · elapsed))), where Δt is the time since the last
 * report. One slow part then does not make the time left jump.
 */
export function timeLeft(total: number): TimeLeft {
  let end: Millis | undefined
  let last: Millis = 0
  return {
    at(elapsed, done) {
      if (elapsed < leastElapsed || done <= 0) return undefined
      const predicted = (elapsed * total) / done
      const weight = 1 - Math.exp(-(elapsed - last) / (smoothing * elapsed))
      end = end === undefined ? predicted : end + (predicted - end) * weight
      last = elapsed
      return done >= total ? 0 : Math.max(0, end - elapsed)
    },
  }
}
