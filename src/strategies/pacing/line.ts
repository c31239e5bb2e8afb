import type { Call, Reply } from '../../core/call.ts'
import type { Clock, Millis } from '../../core/clock.ts'
import type { Env } from '../../core/strategy.ts'
import { firstCome, type LineOrder, newestFirst, type Place } from './order.ts'
import { ServiceTime } from './service-time.ts'

/** The options of every strategy that keeps a line. */
export interface WaitingOptions {
  /**
   * Whether a call that can hardly be answered in time any more gives way to the others: one whose deadline comes before 98 of 100 answers
   * would (`service-time.ts`). Default true.
   */
  readonly skipLate?: boolean
}

/** The part of a strategy's name that tells which options of its line are not the defaults. */
export function lineName({ skipLate = true }: WaitingOptions): string {
  return skipLate ? '' : ', late too'
}

/**
 * Calls that wait for their turn, in an order of their own. An aborted call leaves at once. `Turn` is what a call is given with its turn.
 *
 * A line serves only what can still be answered: otherwise, under lasting overload, every call would be sent just before its deadline, paid
 * for, and given up before its answer. A late call is not refused. It gives way to all others and is sent if none of them waits, so that a
 * line with few calls serves every one, and an estimate that is too long cannot stop it. Of late calls the newest goes first: it has the most
 * time left, and where an answer may take as long as every caller waits, all calls are late. A caller hears of the failure at the first turn
 * after the deadline, as of any other call, and not before: it would gain less than the time of one answer, and lose the chance.
 */
export class Line<Turn> {
  readonly #clock: Clock
  readonly #order: LineOrder
  readonly #skipsLate: boolean
  readonly #late = newestFirst()
  readonly #serviceTime = new ServiceTime()
  #waiting = 0

  constructor(env: Env, { skipLate = true }: WaitingOptions, order: LineOrder = firstCome()) {
    this.#clock = env.clock
    this.#order = order
    this.#skipsLate = skipLate
    env.expose?.('line', () => ({ waiting: this.#waiting, serviceTime: this.#serviceTime.estimate }))
  }

  get isEmpty(): boolean {
    return this.#waiting === 0
  }

  /**
   * Resolves when the call's turn comes: with what it is given if it may be sent, with undefined if its deadline has passed. Rejects with
   * `call.signal.reason` as soon as the call is aborted.
   */
  join(call: Call): Promise<Turn | undefined> {
    return new Promise((settle, reject) => {
      const { signal } = call
      if (signal.aborted) return reject(signal.reason)
      const place = new Waiting(this, call, this.#clock.now(), settle, reject)
      place.leave = this.#order.join(place)
      this.#waiting++
      signal.addEventListener('abort', place)
    })
  }

  /** Returns the call whose turn is next, if any waits. Drops those whose deadline has passed. */
  first(now: Millis): Call | undefined {
    return this.#next(now)?.call
  }

  /** Gives the turn to the next call. Returns false if none waits. */
  serve(now: Millis, turn: Turn): boolean {
    const place = this.#next(now)
    if (!place) return false
    this.#order.started?.(place.call)
    this.#settle(place, turn)
    return true
  }

  /** Is told of a call that need not wait. */
  passBy(call: Call): void {
    this.#order.started?.(call)
  }

  /** Is told how a call ended that has had its turn or passed by, and how long after it was sent. */
  ended(call: Call, reply: Reply | undefined, took: Millis): void {
    this.#serviceTime.learn(call, reply, took)
    this.#order.ended?.(call, reply)
  }

  /** Takes a call out of the line. */
  remove(place: Waiting<Turn>): void {
    place.leave()
    place.call.signal.removeEventListener('abort', place)
    this.#waiting--
  }

  #next(now: Millis): Waiting<Turn> | undefined {
    let place = this.#inTime(this.#order, now)
    while (place && this.#isLate(place, now)) {
      place.leave()
      place.leave = this.#late.join(place)
      place = this.#inTime(this.#order, now)
    }
    const late = this.#inTime(this.#late, now)
    return place ?? late
  }

  #isLate({ call }: Waiting<Turn>, now: Millis): boolean {
    return this.#skipsLate && now + this.#serviceTime.estimate > call.deadline
  }

  /** Returns the first of an order whose deadline is after `now`. Drops those before it. */
  #inTime(order: LineOrder, now: Millis): Waiting<Turn> | undefined {
    for (;;) {
      const place = order.first(now) as Waiting<Turn> | undefined
      if (!place || now < place.call.deadline) return place
      this.#settle(place, undefined)
    }
  }

  #settle(place: Waiting<Turn>, turn: Turn | undefined): void {
    this.remove(place)
    place.settle(turn)
  }
}

/** A call in line. It is its own listener to the signal of the call. */
class Waiting<Turn> implements Place {
  readonly call: Call
  readonly joined: Millis
  readonly settle: (turn: Turn | undefined) => void
  /** Takes it out of the order in which it stands. */
  leave!: () => void
  readonly #line: Line<Turn>
  readonly #reject: (reason: unknown) => void

  constructor(
    line: Line<Turn>,
    call: Call,
    joined: Millis,
    settle: (turn: Turn | undefined) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#line = line
    this.call = call
    this.joined = joined
    this.settle = settle
    this.#reject = reject
  }

  handleEvent(): void {
    this.#line.remove(this)
    this.#reject(this.call.signal.reason)
  }
}
