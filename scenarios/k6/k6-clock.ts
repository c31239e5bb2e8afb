import type { Clock } from '../../src/core/clock.ts'

/**
 * k6's own time at the speed of the mock's clock, in milliseconds since this clock was made. k6 has neither `performance` nor
 * `AbortController`. `speed` is how many times as fast as the wall clock the time passes: > 0.
 */
export function k6Clock(speed: number): Clock {
  const started = Date.now()
  const now = () => (Date.now() - started) * speed
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const until = now() + Math.max(0, ms)
        let timer: ReturnType<typeof setTimeout>
        const onAbort = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          reject(signal?.reason)
        }
        const onTimer = () => {
          // `Date.now` counts whole milliseconds: by it, a timer can ring before the wait is over.
          const left = until - now()
          if (left > 0) {
            timer = setTimeout(onTimer, left / speed)
            return
          }
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        timer = setTimeout(onTimer, Math.max(0, ms) / speed)
        signal?.addEventListener('abort', onAbort)
      }),
  }
}
