import { Others } from '../../sim/provider/others.ts'
import type { Admission, Provider } from '../../sim/provider/provider.ts'
import { worldProvider } from '../../sim/skins/in-process.ts'
import { TimerHeap } from '../../sim/time/timer-heap.ts'
import type { Call, Target } from '../../src/core/call.ts'
import { CallSignal } from '../../src/core/call-signal.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Random } from '../../src/core/random.ts'
import type { Schedule } from '../../src/optimum/optimum.ts'
import { backgroundCalls } from '../../src/scenario/background.ts'
import { type LimitStep, limitSteps } from '../../src/scenario/limit-changes.ts'
import type { Workload } from '../../src/scenario/workload.ts'
import type { World } from '../../src/scenario/world.ts'

/** What the clairvoyant client has to serve, and where it may send. Durations are in milliseconds. */
export interface ClairvoyantOptions {
  readonly world: World
  /** The stream of the world, from which the run of a strategy on the same seed draws as well. */
  readonly random: Random
  /** Where calls may be sent: one target for each account and model of the quota. */
  readonly targets: readonly Target[]
  readonly workload: Workload
  readonly maxTokens: number
  readonly patience: Millis
  readonly horizon: Millis
  /** How long the model takes for each call. */
  readonly service: Float64Array
  /** The tokens that stay charged of a call's admission. */
  charged(call: number): number
}

/** The order in which waiting calls are admitted: of all that have arrived, the one with the smallest key is next. */
export type Order = (call: number) => number

/**
 * The schedule of a client without network that knows everything beforehand: it asks the very provider that runs use, and sends the next
 * call of the order at the first instant at which a target admits it. No attempt of it is ever denied. Calls that can no longer be
 * answered in time are left out.
 */
export function clairvoyantSchedule(options: ClairvoyantOptions, order: Order): Schedule {
  return new Clairvoyant(options, order).schedule()
}

class Clairvoyant {
  readonly #options: ClairvoyantOptions
  readonly #order: Order
  readonly #provider: Provider
  readonly #calls: readonly OutgoingCall[]
  readonly #steps: readonly LimitStep[]
  readonly #others: Others
  readonly #waiting = new TimerHeap()
  /** Calls that no target admits however long they wait, unless a limit rises. */
  #parked: number[] = []
  readonly #inService = new TimerHeap()
  readonly #admissions: Admission[] = []
  readonly #waits: Float64Array
  #stepsTaken = 0
  /** When each call arrives. In a closed loop the instants are found on the way. */
  readonly #arrival: Float64Array
  /** When each worker of a closed loop will be ready for another call. */
  readonly #ready = new TimerHeap()
  #arrived = 0
  /** The target that admitted the last call, which is asked first. */
  #preferred = 0
  #answered = 0
  #makespan: Millis = 0
  #lastAdmission: Millis = 0
  #tokens = 0

  constructor(options: ClairvoyantOptions, order: Order) {
    this.#options = options
    this.#order = order
    this.#provider = worldProvider(options.world, options.random)
    this.#calls = options.targets.map((target) => new OutgoingCall(target, options.maxTokens))
    this.#steps = limitSteps(options.world.events)
    const { world, random, workload } = options
    this.#others = new Others(backgroundCalls(world.background ?? [], world.accounts, random), this.#provider)
    const { arrival, loop } = workload
    this.#waits = new Float64Array(arrival.length).fill(Infinity)
    this.#arrival = loop ? new Float64Array(arrival.length) : arrival
    for (let worker = 0; worker < (loop?.workers ?? 0); worker++) this.#ready.push(0, worker)
  }

  schedule(): Schedule {
    for (let now = 0; now < Infinity; ) {
      this.#catchUp(now)
      for (; this.#nextArrival() <= now; this.#arrived++) this.#arrive()
      const retry = this.#admitWaiting(now)
      now = Math.min(retry, this.#nextArrival(), this.#isAnyLeft() ? this.#nextStep() : Infinity)
    }
    return {
      answered: this.#answered,
      lastAdmission: this.#lastAdmission,
      makespan: this.#makespan,
      tokens: this.#tokens,
      waits: this.#waits,
    }
  }

  #nextArrival(): Millis {
    const { loop } = this.#options.workload
    if (this.#arrived === this.#arrival.length) return Infinity
    return loop ? this.#ready.nextDue : this.#arrival[this.#arrived]!
  }

  #arrive(): void {
    if (this.#options.workload.loop) {
      this.#arrival[this.#arrived] = this.#ready.nextDue
      this.#ready.pop()
    }
    this.#push(this.#arrived)
  }

  /** The worker of a call that is over thinks before it is ready for another. */
  #release(call: number, at: Millis): void {
    const { loop } = this.#options.workload
    if (loop) this.#ready.push(at + loop.think[call]!, call)
  }

  #isAnyLeft(): boolean {
    return this.#waiting.size > 0 || this.#parked.length > 0
  }

  #nextStep(): Millis {
    return this.#steps[this.#stepsTaken]?.at ?? Infinity
  }

  #push(call: number): void {
    this.#waiting.push(this.#order(call), call)
  }

  /** Completes the calls whose service is over, changes the limits, and lets others act, in the order of time. */
  #catchUp(now: Millis): void {
    for (;;) {
      const end = this.#inService.nextDue
      const step = this.#nextStep()
      const first = Math.min(end, step, this.#others.nextDue)
      if (first > now) return
      if (end === first) this.#provider.complete(this.#admissions[this.#inService.pop()!]!, end)
      else if (step === first) this.#changeLimits()
      else this.#others.act()
    }
  }

  #changeLimits(): void {
    const { at, account, model, factor, unit } = this.#steps[this.#stepsTaken++]!
    this.#provider.scale(account, model, factor, at, unit)
    for (const call of this.#parked) this.#push(call)
    this.#parked = []
  }

  /** Admits waiting calls until one is denied. Returns the instant at which that one passes; `Infinity` when none is left. */
  #admitWaiting(now: Millis): Millis {
    const { service, patience, horizon } = this.#options
    for (;;) {
      const key = this.#waiting.nextDue
      const call = this.#waiting.pop()
      if (call === undefined) return Infinity
      const latestEnd = Math.min(this.#arrival[call]! + patience, horizon)
      if (now + service[call]! > latestEnd) {
        this.#release(call, now)
        continue
      }
      const wait = this.#send(call, now)
      if (wait === 0) continue
      if (wait < Infinity) {
        this.#waiting.push(key, call)
        return now + wait
      }
      if (this.#nextStep() < Infinity) this.#parked.push(call)
      else this.#release(call, now)
    }
  }

  /** Sends a call to the first target that admits it. Returns 0, or how long the call must wait for the first target that will. */
  #send(call: number, now: Millis): Millis {
    const { workload, service } = this.#options
    const wanted = workload.outputTokens[call]!
    const targets = this.#calls.length
    let wait = Infinity
    for (let i = 0; i < targets; i++) {
      const target = (this.#preferred + i) % targets
      const outgoing = this.#calls[target]!
      outgoing.id = call
      outgoing.promptTokens = workload.promptTokens[call]!
      const decision = this.#provider.admit(outgoing, wanted, now)
      if (decision.kind === 'denied') wait = Math.min(wait, decision.denial.retryAfter)
      if (decision.kind !== 'admitted') continue
      this.#preferred = target
      this.#admitted(call, now, now + service[call]!, decision.admission)
      return 0
    }
    return wait
  }

  #admitted(call: number, now: Millis, end: Millis, admission: Admission): void {
    const { charged } = this.#options
    this.#inService.push(end, this.#admissions.length)
    this.#admissions.push(admission)
    this.#release(call, end)
    this.#waits[call] = now - this.#arrival[call]!
    this.#answered++
    this.#lastAdmission = now
    this.#makespan = Math.max(this.#makespan, end)
    this.#tokens += charged(call)
  }
}

/** A call to one target. The provider keeps none, so one object stands for all calls. */
class OutgoingCall implements Call {
  id = 0
  promptTokens = 0
  readonly target: Target
  readonly maxTokens: number
  readonly signal = new CallSignal()
  readonly deadline = Infinity

  constructor(target: Target, maxTokens: number) {
    this.target = target
    this.maxTokens = maxTokens
  }
}
