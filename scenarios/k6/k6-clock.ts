import type { Clock } from '../../src/core/clock.ts'

/** k6's own time, which has neither `performance` nor `AbortController`, at the speed of the mock's clock. */
export function k6Clock(speed: number): Clock {
  const started = Date.now()
  return {
    now: () => (Date.now() - started) * speed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          reject(signal?.reason)
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }, Math.max(0, ms) / speed)
        signal?.addEventListener('abort', onAbort)
      }),
  }
}
