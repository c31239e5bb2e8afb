import type { Millis } from '../../src/core/clock.ts'
import type { BackgroundCall } from '../../src/scenario/background.ts'
import { TimerHeap } from '../time/timer-heap.ts'
import type { Admission, Provider } from './provider.ts'

/**
 * The others who use the accounts of a world. It has no clock: whoever drives it calls `act` at each instant that `nextDue` names.
 *
 * They send one call after the other. A call that a limit denies is sent again at the first instant at which it passes, so that others get what they
 * ask for as long as there is room for it, and whoever shares the account with them gets the rest. A call that never passes is left out.
 */
export class Others {
  readonly #calls: Iterator<BackgroundCall, undefined>
  readonly #provider: Provider
  #next: BackgroundCall | undefined
  #sendAt: Millis = 0
  readonly #ends = new TimerHeap()
  /** The calls in service, by the numbers that the heap has. */
  readonly #inService = new Map<number, Admission>()
  #admitted = 0

  constructor(calls: Iterator<BackgroundCall, undefined>, provider: Provider) {
    this.#calls = calls
    this.#provider = provider
    this.#takeNext(0)
  }

  /** The instant at which something happens to them next. `Infinity`: nothing will. */
  get nextDue(): Millis {
    return Math.min(this.#ends.nextDue, this.#next ? this.#sendAt : Infinity)
  }

  /** Lets the first thing happen that is due. Called at the instant `nextDue`. */
  act(): void {
    const now = this.nextDue
    if (this.#ends.nextDue === now) this.#complete(now)
    else this.#send(this.#next!, now)
  }

  #complete(now: Millis): void {
    const number = this.#ends.pop()!
    this.#provider.complete(this.#inService.get(number)!, now)
    this.#inService.delete(number)
  }

  #send({ call, outputTokens }: BackgroundCall, now: Millis): void {
    const decision = this.#provider.admit(call, outputTokens, now)
    if (decision.kind === 'denied' && decision.denial.retryAfter < Infinity) {
      this.#sendAt = now + decision.denial.retryAfter
      return
    }
    if (decision.kind === 'admitted') {
      const { admission } = decision
      this.#inService.set(this.#admitted, admission)
      this.#ends.push(now + admission.service.total, this.#admitted++)
    }
    this.#takeNext(now)
  }

  #takeNext(now: Millis): void {
    this.#next = this.#calls.next().value
    this.#sendAt = Math.max(now, this.#next?.at ?? 0)
  }
}
