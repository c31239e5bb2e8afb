import type { Clock, Millis } from '../../src/core/clock.ts'

/**
 * Returns a clock for a strategy that waits in real time, perhaps at many times its speed. A real timer rings some milliseconds late, and a strategy that
 * adds each wait to the instant at which the last one ended would add up the delays. A line makes up for a part of them (`gated-line.ts`), which at sixty
 * times the speed is too little. With this clock, what follows a wait takes place at the instant for which the wait was meant, until the event loop
 * goes on. Its time never goes back.
 */
export function punctualClock(clock: Clock): Clock {
  let kept: Millis | undefined
  let latest = -Infinity
  const at = (instant: Millis) => {
    latest = Math.max(latest, instant)
    return latest
  }
  const release = () => {
    kept = undefined
  }
  const now = () => kept ?? at(clock.now())
  return {
    now,
    async sleep(ms, signal) {
      const due = now() + Math.max(0, ms)
      await clock.sleep(due - clock.now(), signal)
      if (kept === undefined) setImmediate(release)
      kept = at(due)
    },
  }
}
