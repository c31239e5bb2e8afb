import type { Clock, Millis } from '../src/core/clock.ts'
import { expectNumber } from '../src/core/expect.ts'
import { systemClock } from '../src/core/system-clock.ts'
import { TimerHeap } from './timer-heap.ts'
import type { Task, Timeline } from './virtual-clock.ts'

/** Simulated time that follows a real clock: at its speed, faster, slower, or paused and moved by hand. */
export interface WallTimeline extends Timeline {
  /** Simulated milliseconds a real one; 0: paused. */
  speed(): number
  setSpeed(speed: number): void
  /** Moves time on by so much at once; whatever falls due on the way happens at its own instant. */
  advance(ms: Millis): void
  /** Frees the real timers: nothing happens any more. */
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

/** One hour a second would be 3,600. */
const fastest = 1_000_000

/**
 * What is due happens at its own instant, however late the real timer rings: `now()` first runs what is overdue, so that the
 * order of events is that of simulated time, and a simulated wait is exact to the millisecond.
 */
export function wallTimeline({ speed: initial = 1, origin, clock = systemClock }: WallOptions = {}): WallTimeline {
  let speed = expectSpeed(initial)
  let markReal = clock.now()
  let mark = origin ?? Math.floor(markReal)
  expectNumber('origin', mark, { whole: true })
  let now = mark
  let isFiring = false
  const heap = new TimerHeap()
  const tasks: (Task | undefined)[] = []
  const free: number[] = []
  /** The instants, in simulated time, for which a real timer is set. */
  let armed = new Set<Millis>()
  let ringing = new AbortController()

  const present = () => Math.floor(mark + (clock.now() - markReal) * speed)

  function fireUpTo(target: Millis): void {
    isFiring = true
    try {
      while (heap.nextDue <= target) {
        now = Math.max(now, heap.nextDue)
        const timer = heap.pop()!
        const task = tasks[timer]!
        tasks[timer] = undefined
        free.push(timer)
        task.run()
      }
    } finally {
      isFiring = false
    }
    now = Math.max(now, target)
  }

  function catchUp(): Millis {
    if (!isFiring) {
      fireUpTo(present())
      arm()
    }
    return now
  }

  /** Sets a real timer for whatever is due next, unless there is one. */
  function arm(): void {
    const due = heap.nextDue
    if (due === Infinity || speed === 0 || armed.has(due) || ringing.signal.aborted) return
    armed.add(due)
    const ours = armed
    const rings = clock.sleep((due - mark) / speed - (clock.now() - markReal), ringing.signal)
    rings.then(
      () => {
        ours.delete(due)
        catchUp()
      },
      () => {},
    )
  }

  /** Forgets the real timers, which were set for another speed. */
  function rearm(): void {
    ringing.abort()
    ringing = new AbortController()
    armed = new Set()
    arm()
  }

  function setMark(next: Millis): void {
    mark = next
    markReal = clock.now()
  }

  const after: Timeline['after'] = (delay, then) => {
    const due = catchUp() + Math.max(0, delay)
    if (!Number.isSafeInteger(due)) throw new RangeError(`Expected \`delay\` to be a whole number, got ${delay}`)
    const timer = free.pop() ?? tasks.length
    tasks[timer] = typeof then === 'function' ? { run: then } : then
    heap.push(due, timer)
    if (!isFiring) arm()
  }

  return {
    now: catchUp,
    after,
    woke: () => {},
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          signal?.removeEventListener('abort', onAbort)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort)
        after(Math.ceil(ms), () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        })
      }),
    speed: () => speed,
    setSpeed(next) {
      expectSpeed(next)
      setMark(catchUp())
      speed = next
      rearm()
    },
    advance(ms) {
      expectNumber('advance', ms, { atLeast: 0, whole: true })
      const target = catchUp() + ms
      fireUpTo(target)
      setMark(target)
      rearm()
    },
    stop: () => ringing.abort(),
  }
}

function expectSpeed(speed: number): number {
  expectNumber('speed', speed, { atLeast: 0, atMost: fastest })
  return speed
}
