import type { Clock, Millis } from '../../src/core/clock.ts'
import { expectNumber, numberProblem, OptionError } from '../../src/core/expect.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { TimerWheel } from './timer-wheel.ts'
import type { Timeline, TimerTask } from './virtual-clock.ts'

/** Simulated time that follows a real clock: at its speed, faster, slower, or paused and moved by hand. */
export interface WallTimeline extends Timeline {
  /** Simulated milliseconds a real one; 0: paused. */
  speed(): number
  /** From this real instant on. Throws an `OptionError` for a speed that is none. */
  setSpeed(speed: number): void
  /** Moves time on by so much at once; whatever falls due on the way happens at its own instant. */
  advance(ms: Millis): void
  /** Frees the real timers: time stands still for good, and nobody who waits is woken. */
  stop(): void
}

export interface WallOptions {
  /** Default 1. */
  readonly speed?: number
  /** The instant at which simulated time starts. Whole; default: the real one, so that time stamps are those of today. */
  readonly origin?: Millis
  /** What is followed. Default: the machine's clock. */
  readonly clock?: Clock
}

/** A simulated day takes a thousand real ones at the least, and less than a tenth of a second at the most. */
export const speeds = { atLeast: 0.001, atMost: 1_000_000 }

/**
 * What is due happens at its own instant, however late the real timer rings: `now()` first runs what is overdue, so that the
 * order of events is that of simulated time, and a simulated wait is exact to the millisecond.
 */
export function wallTimeline({ speed: initial = 1, origin, clock = systemClock }: WallOptions = {}): WallTimeline {
  expectSpeed(initial)
  let speed = initial
  let isStopped = false
  /** Where simulated time was at the real instant `markReal`. Not whole: else each change of speed would lose a fraction. */
  let markReal = clock.now()
  let mark = origin ?? Math.floor(markReal)
  expectNumber('origin', mark, { whole: true })
  let now = mark
  let isFiring = false
  const timers = new TimerWheel<TimerTask>(now)
  /** How many timers are not cancelled. */
  let live = 0
  /** When the first of the real timers that are set rings, in real time. */
  let ringsAt = Infinity
  let ringing = new AbortController()

  const present = () => (isStopped ? now : mark + (clock.now() - markReal) * speed)

  function fireUpTo(target: Millis): void {
    const wasFiring = isFiring
    isFiring = true
    try {
      while (timers.nextDue <= target && !isStopped) {
        const due = timers.nextDue
        const task = timers.pop()
        if (!task) continue
        now = Math.max(now, due)
        live--
        task.run()
      }
    } finally {
      isFiring = wasFiring
    }
    if (!isStopped) now = Math.max(now, target)
  }

  function catchUp(): Millis {
    if (!isFiring) {
      fireUpTo(Math.floor(present()))
      arm()
    }
    return now
  }

  /** Sets a real timer for whatever is due next, unless there is one. */
  function arm(): void {
    if (live === 0 || speed === 0 || isStopped) return
    // Whole, for clocks that know nothing finer.
    const wait = Math.max(0, Math.ceil((timers.nextDue - present()) / speed))
    const at = clock.now() + wait
    // Who rings before that looks again; under load there is one timer for many requests.
    if (at >= ringsAt) return
    ringsAt = at
    const rings = () => {
      if (ringsAt === at) ringsAt = Infinity
      catchUp()
    }
    clock.sleep(wait, ringing.signal).then(rings, () => {})
  }

  /** Forgets the real timers. */
  function disarm(): void {
    ringing.abort()
    ringing = new AbortController()
    ringsAt = Infinity
  }

  function schedule(delay: Millis, task: TimerTask): number {
    // Not `delay > 0 ? delay : 0`: NaN must reach the check below instead of passing for no wait at all.
    const due = catchUp() + (delay < 0 ? 0 : delay)
    if (!Number.isSafeInteger(due)) throw new OptionError(`Expected \`delay\` to be a whole number, got ${delay}`)
    live++
    const timer = timers.push(due, task)
    if (!isFiring) arm()
    return timer
  }

  return {
    now: catchUp,
    after: (delay, then) => void schedule(delay, typeof then === 'function' ? { run: then } : then),
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
      expectNumber('advance', target, { whole: true })
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

/** The sentence that is wrong with a speed, if any: 0, or neither too slow nor too fast. */
export function speedProblem(field: string, speed: unknown): string | undefined {
  const problem = speed === 0 ? undefined : numberProblem(field, speed, speeds)
  return problem && `${problem}: 0 pauses`
}

function expectSpeed(speed: number): void {
  const problem = speedProblem('speed', speed)
  if (problem) throw new OptionError(problem)
}
