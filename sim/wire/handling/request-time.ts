import type { Millis, Signal } from '../../../src/core/clock.ts'
import type { Timeline, TimerTask } from '../../time/virtual-clock.ts'

/**
 * The time of one request. Its timers run as steps of the request, and hold nothing of it once it has ended: a timeline keeps its timers until
 * they are due, which may be a day later.
 */
export class RequestTime implements Timeline {
  readonly #timeline: Timeline
  readonly #runStep: (task: TimerTask) => void
  readonly #pending = new Set<RequestTimer>()

  constructor(timeline: Timeline, runStep: (task: TimerTask) => void) {
    this.#timeline = timeline
    this.#runStep = runStep
  }

  now(): Millis {
    return this.#timeline.now()
  }

  woke(): void {
    this.#timeline.woke()
  }

  sleep(ms: Millis, signal?: Signal): Promise<void> {
    return this.#timeline.sleep(ms, signal)
  }

  after(delay: Millis, then: TimerTask | (() => void)): void {
    const task = typeof then === 'function' ? { run: then } : then
    const timer = new RequestTimer(() => {
      this.#pending.delete(timer)
      this.#runStep(task)
    })
    this.#pending.add(timer)
    this.#timeline.after(delay, timer)
  }

  /** The request has ended: the timers that are left do nothing. */
  end(): void {
    for (const timer of this.#pending) timer.run = nothing
    this.#pending.clear()
  }
}

class RequestTimer implements TimerTask {
  run: () => void

  constructor(run: () => void) {
    this.run = run
  }
}

const nothing = () => {}
