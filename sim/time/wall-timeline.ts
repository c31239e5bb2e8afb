import type { Clock, Millis } from '../../src/core/clock.ts'
import { expectNumber, numberProblem, OptionError } from '../../src/core/expect.ts'
import { instantBounds, lastInstant } from '../../src/core/last-instant.ts'
import { isoTime, systemClock } from '../../src/core/system-clock.ts'
import { type DefectListener, guarded } from '../defects/guard.ts'
import { defectReport } from '../defects/report.ts'
import { TimerWheel } from './timer-wheel.ts'
import type { Timeline, TimerTask } from './virtual-clock.ts'

/** Simulated time that follows a real clock: at its speed, faster, slower, or paused and moved by hand. */
export interface WallTimeline extends Timeline {
  /** Returns the simulated milliseconds per real millisecond. 0: time is paused. */
  speed(): number
  /** Changes the speed from now on. Throws an `OptionError` for a speed that is neither 0 nor between 0.001 and 1,000,000. */
  setSpeed(speed: number): void
  /**
   * Moves time forward by this many milliseconds at once. Timers that become due on the way ring at their own instants. Throws an `OptionError` for
   * a step beyond the last instant that has a date.
   */
  advance(ms: Millis): void
  /** Stops time for ever and frees the real timers. Waits that are under way never end. */
  stop(): void
}

export interface WallOptions {
  /** Simulated milliseconds per real millisecond: 0, or between 0.001 and 1,000,000. Default: 1. */
  readonly speed?: number
  /** The instant at which simulated time starts, milliseconds since 1970. Whole, and it has a date. Default: the real present. */
  readonly origin?: Millis
  /** The clock that is followed. Default: the clock of the machine. */
  readonly clock?: Clock
  /** Is told what a callback of a timer throws; time goes on, and other callbacks are called. Default: it is written to standard error, once for each place. */
  readonly onDefect?: DefectListener
}

/** The range of speeds. At the slowest speed a simulated day takes a thousand real days, at the fastest less than a tenth of a second. */
export const speeds = { atLeast: 0.001, atMost: 1_000_000 }

/**
 * A timeline that follows a real clock. Events happen at their own simulated instants, however late the real timer rings: `now()` first runs what
 * is overdue. So events keep the order of simulated time, and simulated waits are exact to the millisecond. Time stops at the last instant that has
 * a date, and what is due later never happens. Throws an `OptionError` for a wrong option.
 */
export function wallTimeline(options: WallOptions = {}): WallTimeline {
  const { speed: initial = 1, origin, clock = systemClock, onDefect = defectReport() } = options
  expectSpeed(initial)
  let speed = initial
  let isStopped = false
  /** The real instant at which simulated time was at `mark`. */
  let markReal = clock.now()
  /** It need not be whole: rounding would lose a fraction at each change of speed. */
  let mark = origin ?? Math.floor(markReal)
  expectNumber('origin', mark, instantBounds)
  let now = mark
  let isFiring = false
  const timers = new TimerWheel<TimerTask>(now)
  /** The number of timers that are not cancelled. */
  let live = 0
  /** When the first real timer rings, in real time. `Infinity`: no real timer is set. */
  let ringsAt = Infinity
  let ringing = new AbortController()

  const present = () => (isStopped ? now : Math.min(lastInstant, mark + (clock.now() - markReal) * speed))

  function fireUpTo(target: Millis): void {
    const wasFiring = isFiring
    isFiring = true
    while (timers.nextDue <= target && !isStopped) {
      const due = timers.nextDue
      const task = timers.pop()
      if (!task) continue
      now = Math.max(now, due)
      live--
      guarded(onDefect, () => task.run())
    }
    isFiring = wasFiring
    if (!isStopped) now = Math.max(now, target)
  }

  function catchUp(): Millis {
    if (!isFiring) {
      fireUpTo(Math.floor(present()))
      arm()
    }
    return now
  }

  /** Sets a real timer for the next event, unless an earlier one is set. */
  function arm(): void {
    if (live === 0 || speed === 0 || isStopped || timers.nextDue > lastInstant) return
    // The wait is whole, since some clocks have no finer resolution.
    const wait = Math.max(0, Math.ceil((timers.nextDue - present()) / speed))
    const at = clock.now() + wait
    // An earlier timer will set the next one when it rings. Under load one real timer so serves many requests.
    if (at >= ringsAt) return
    ringsAt = at
    const rings = () => {
      if (ringsAt === at) ringsAt = Infinity
      catchUp()
    }
    clock.sleep(wait, ringing.signal).then(rings, () => {})
  }

  /** Cancels the real timers. */
  function disarm(): void {
    ringing.abort()
    ringing = new AbortController()
    ringsAt = Infinity
  }

  function schedule(delay: Millis, task: TimerTask): number {
    // Not `delay > 0 ? delay : 0`: NaN must reach the check below instead of passing for no wait at all.
    const wait = delay < 0 ? 0 : delay
    expectNumber('delay', wait, { whole: true })
    const due = Math.min(catchUp() + wait, Number.MAX_SAFE_INTEGER)
    live++
    const timer = timers.push(due, task)
    if (!isFiring) arm()
    return timer
  }

  return {
    now: catchUp,
    after: (delay, then) => void schedule(delay, typeof then === 'function' ? { run: then } : then),
    atOneInstant(act) {
      if (isFiring) return act()
      catchUp()
      isFiring = true
      try {
        return act()
      } finally {
        isFiring = false
        arm()
      }
    },
    woke: () => {},
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const wake = () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        const timer = schedule(Math.ceil(ms), { run: wake })
        const onAbort = () => {
          signal?.removeEventListener('abort', onAbort)
          timers.cancel(timer)
          if (--live === 0) disarm()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort)
      }),
    speed: () => speed,
    setSpeed(next) {
      expectSpeed(next)
      catchUp()
      mark = present()
      markReal = clock.now()
      speed = next
      disarm()
      arm()
    },
    advance(ms) {
      expectNumber('advance', ms, { atLeast: 0, whole: true })
      const target = catchUp() + ms
      if (target > lastInstant) {
        const end = `since time ends on ${isoTime(lastInstant)}`
        throw new OptionError(`Expected \`advance\` to be at most ${lastInstant - now}, ${end}, got ${ms}`)
      }
      mark += ms
      fireUpTo(target)
      disarm()
      arm()
    },
    stop() {
      isStopped = true
      disarm()
    },
  }
}

/** Returns what is wrong with a speed, as a sentence that names the field. Returns undefined for 0 and for a speed in the range. */
export function speedProblem(field: string, speed: unknown): string | undefined {
  const problem = speed === 0 ? undefined : numberProblem(field, speed, speeds)
  return problem && `${problem}: 0 pauses`
}

function expectSpeed(speed: number): void {
  const problem = speedProblem('speed', speed)
  if (problem) throw new OptionError(problem)
}
