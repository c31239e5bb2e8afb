import type { Millis, Signal } from '../../../src/core/clock.ts'
import type { Timeline, TimerTask } from '../../time/virtual-clock.ts'

/**
 * The time of one request. Its timers run as steps of the request, and hold nothing of it once it has ended: a timeline keeps its timers until
 * they are due, which may be a day later.
 */
export class RequestTime implements Timeline {
  readonly #timeline: Timeline
  readonly #runStep: (task: TimerTask) => void
  /** The timers that are not due yet: a few. */
  readonly #pending: RequestTimer[] = []

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

  atOneInstant<T>(act: () => T): T {
    return this.#timeline.atOneInstant(act)
  }

  sleep(ms: Millis, signal?: Signal): Promise<void> {
    return this.#timeline.sleep(ms, signal)
  }

  after(delay: Millis, then: TimerTask | (() => void)): void {
    const timer = new RequestTimer(this, typeof then === 'function' ? { run: then } : then)
    this.#pending.push(timer)
    this.#timeline.after(delay, timer)
  }

  /** A timer is due. */
  rings(timer: RequestTimer, task: TimerTask): void {
    this.#pending.splice(this.#pending.indexOf(timer), 1)
    this.#runStep(task)
  }

  /** The request has ended: the timers that are left do nothing. */
  end(): void {
    for (const timer of this.#pending) timer.forget()
    this.#pending.length = 0
  }
}

class RequestTimer implements TimerTask {
  #time: RequestTime | undefined
  #task: TimerTask | undefined

  constructor(time: RequestTime, task: TimerTask) {
    this.#time = time
    this.#task = task
  }

  run(): void {
    this.#time?.rings(this, this.#task!)
  }

  forget(): void {
    this.#time = undefined
    this.#task = undefined
  }
}
