import type { Call, Reply, Send } from '../../core/call.ts'
import type { Clock, Millis, Signal } from '../../core/clock.ts'
import type { Env } from '../../core/strategy.ts'
import { expired, mayBeSent } from '../wait.ts'
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

interface Waiting<Turn> extends Place {
  readonly settle: (turn: Turn | undefined) => void
  readonly onAbort: () => void
  leave: () => void
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
      const signal: Signal = call.signal
      if (signal.aborted) return reject(signal.reason)
      const onAbort = () => {
        this.#remove(place)
        reject(signal.reason)
      }
      const place: Waiting<Turn> = { call, joined: this.#clock.now(), settle, onAbort, leave: () => {} }
      place.leave = this.#order.join(place)
      this.#waiting++
      signal.addEventListener('abort', onAbort)
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

  /** Sends a call that has had its turn or passed by, unless its deadline has come meanwhile, and learns from how it ends. */
  async send(call: Call, next: Send): Promise<Reply> {
    const sent = this.#clock.now()
    let reply: Reply | undefined
    try {
      reply = mayBeSent(call, sent) ? await next(call) : expired
      return reply
    } finally {
      this.#serviceTime.learn(call, reply, this.#clock.now() - sent)
      this.#order.ended?.(call, reply)
    }
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
    this.#remove(place)
    place.settle(turn)
  }

  #remove(place: Waiting<Turn>): void {
    place.leave()
    place.call.signal.removeEventListener('abort', place.onAbort)
    this.#waiting--
  }
}
