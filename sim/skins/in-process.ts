import { InputError } from '../../src/checks/input-error.ts'
import type { Call, Reply, Target } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Random } from '../../src/core/random.ts'
import { backgroundCalls } from '../../src/scenario/background.ts'
import { batchEndpoint } from '../../src/scenario/batch-chat.ts'
import { limitSteps } from '../../src/scenario/limit-changes.ts'
import { switchesOf } from '../../src/scenario/switches.ts'
import type { AttemptRecorder, Verdict, World } from '../../src/scenario/world.ts'
import { gateway } from '../gateway/gateway.ts'
import { profileOf } from '../profiles/profiles.ts'
import { account } from '../provider/account.ts'
import { type AttemptAtEndpoint, directEndpoint, type Endpoint, type IncomingAttempt } from '../provider/endpoint.ts'
import { laneOf } from '../provider/lanes.ts'
import { network, type Trip } from '../provider/latency.ts'
import { letAct, Others } from '../provider/others.ts'
import { phasesOf } from '../provider/phases.ts'
import { type Provider, simulatedProvider } from '../provider/provider.ts'
import { roomsOf } from '../provider/rooms.ts'
import type { Timeline, TimerTask } from '../time/virtual-clock.ts'

export interface SimulationOptions {
  readonly timeline: Timeline
  /** All chance of the world is drawn from it. */
  readonly random: Random
  /** Is told what happens to each attempt. */
  readonly recorder: AttemptRecorder
  /** Returns the output tokens that the model would answer with to this call, before `maxTokens` cuts them. */
  outputTokens(call: Call): number
}

/** The in-process skin. */
export interface Simulation {
  /**
   * Sends an attempt over the simulated network. `attempt`: its number for the recorder. `nth`: its number within the call. Rejects with the
   * reason of the call's signal when that aborts, and with an error when the target's endpoint does not exist.
   */
  send(call: Call, attempt: number, nth: number): Promise<Reply>
  /** Returns the accounts and models that attempts have asked for, each once in each lane. */
  used(): readonly UsedQuota[]
}

/** An account and a model that attempts have asked for. */
export interface UsedQuota {
  readonly account: string
  readonly model: string
  /** Whether they were sent to Batch Chat, where there are no limits. Default: they were not. */
  readonly beyondLimits?: boolean
}

/** Makes the provider of a world, with its accounts. All its chance is drawn from `random`, the world's own stream. */
export function worldProvider(world: World, random: Random): Provider {
  const profile = profileOf(world.profile)
  const switches = switchesOf(world.switches)
  const phases = phasesOf(random, switches)
  const rooms = roomsOf(random, switches)
  const accounts = world.accounts.map((spec) => account({ spec, profile, switches, phases, rooms }))
  return simulatedProvider({ profile, switches, random: random.fork('provider'), accounts })
}

/** Builds a world: the provider with its accounts, the gateways, the network, the others who use the accounts, and the events that will change limits. */
export function simulate(world: World, setup: SimulationOptions): Simulation {
  const { timeline, random, recorder } = setup
  const profile = profileOf(world.profile)
  const switches = switchesOf(world.switches)
  const provider = worldProvider(world, random)
  const { onHangUp } = switches
  const shared = directEndpoint({ provider, timeline, onHangUp })
  letAct(new Others(backgroundCalls(world.background ?? [], world.accounts, random), provider), timeline)

  // Most attempts of a run go to the target of the attempt before.
  let lastTarget: Target | undefined
  const used = new Map<string, UsedQuota>()
  const direct: Endpoint = (attempt) => {
    const { target } = attempt.call
    if (target !== lastTarget) note(target)
    lastTarget = target
    return shared(attempt)
  }

  function note(target: Target): void {
    const { key, model } = target
    const owner = provider.ownerOf(key)?.account
    if (!owner?.quota(model)) return
    const quota = { account: owner.name, model, ...(laneOf(target) === 'batch' && { beyondLimits: true }) }
    used.set(JSON.stringify(quota), quota)
  }

  const trip = network(switches, random.fork('network'))
  const { outputTokens } = setup
  const routeTo = (endpoint: Endpoint): Route => ({ endpoint, timeline, recorder, outputTokens, trip })
  const routes = new Map([
    ['dashscope', routeTo(direct)],
    [batchEndpoint, routeTo(direct)],
  ])
  for (const spec of world.gateways ?? []) {
    const keys = spec.accounts.map((name) => world.accounts.find((a) => a.name === name)!.keys[0]!)
    const context = { profile, timeline, random: random.fork(`gateway ${spec.endpoint}`) }
    routes.set(spec.endpoint, routeTo(gateway(spec, keys, direct, context)))
  }
  for (const { at, account: name, model, factor, unit } of limitSteps(world.events))
    timeline.after(at - timeline.now(), () => provider.scale(name, model, factor, timeline.now(), unit))

  // Most attempts of a run go to the endpoint of the attempt before.
  let lastEndpoint: string | undefined
  let lastRoute: Route | undefined

  function routeOf(endpoint: string): Route {
    if (endpoint === lastEndpoint) return lastRoute!
    const route = routes.get(endpoint)
    if (!route) throw new InputError(unknownEndpoint(endpoint, [...routes.keys()]), 'ENDPOINT_UNKNOWN')
    lastEndpoint = endpoint
    lastRoute = route
    return route
  }

  const send: Simulation['send'] = (call, attempt, nth) =>
    new Promise((resolve, reject) => {
      const { signal } = call
      if (signal.aborted) return reject(signal.reason)
      new AttemptInFlight(routeOf(call.target.endpoint), call, attempt).depart(nth, resolve, reject)
    })
  return { send, used: () => [...used.values()] }
}

/** What all attempts to one endpoint share. */
interface Route {
  readonly endpoint: Endpoint
  readonly timeline: Timeline
  readonly recorder: AttemptRecorder
  outputTokens(call: Call): number
  /** The delays of a call's nth attempt on its way there and back. */
  trip(call: number, nth: number): Trip
}

/**
 * One attempt under way. It is its own timer on the way to the endpoint and back, and its own listener to the caller's signal. A caller that
 * hangs up gets no reply, and the endpoint learns of it when the network has carried it there.
 */
class AttemptInFlight implements IncomingAttempt, TimerTask {
  readonly call: Call
  readonly outputTokens: number
  readonly #route: Route
  readonly #attempt: number
  #out: Millis = 0
  #back: Millis = 0
  #atEndpoint: AttemptAtEndpoint | undefined
  #resolve!: (reply: Reply) => void
  #reject!: (reason: unknown) => void
  #reply: Reply | undefined

  constructor(route: Route, call: Call, attempt: number) {
    this.call = call
    this.outputTokens = route.outputTokens(call)
    this.#route = route
    this.#attempt = attempt
  }

  /** Sets out to the endpoint. Called once. `nth`: the number of the attempt within its call. */
  depart(nth: number, resolve: (reply: Reply) => void, reject: (reason: unknown) => void): void {
    const { timeline, trip } = this.#route
    const { out, back } = trip(this.call.id, nth)
    this.#out = out
    this.#back = back
    this.#resolve = resolve
    this.#reject = reject
    this.call.signal.addEventListener('abort', this)
    timeline.after(out, this)
  }

  decided(at: Millis, verdict: Verdict, rules: readonly Rule[]): void {
    this.#route.recorder.decided(this.#attempt, at, verdict, rules)
  }

  done(reply: Reply, money: number): void {
    this.#bill(money)
    this.#reply = reply
    this.#route.timeline.after(this.#back, this)
  }

  stopped(_outputTokens: number, money: number): void {
    this.#bill(money)
  }

  #bill(money: number): void {
    if (money > 0) this.#route.recorder.billed(this.#attempt, money)
  }

  /** Rings on arrival at the endpoint, and again when the reply arrives at the caller. */
  run(): void {
    const { endpoint, recorder, timeline } = this.#route
    const reply = this.#reply
    if (!reply) {
      this.#atEndpoint = endpoint(this)
      return
    }
    const { signal } = this.call
    if (signal.aborted) return
    timeline.woke()
    signal.removeEventListener('abort', this)
    if (reply.kind === 'ok') recorder.answered(this.#attempt)
    this.#resolve(reply)
  }

  /** The caller's signal has aborted. */
  handleEvent(): void {
    const { signal } = this.call
    const { timeline } = this.#route
    signal.removeEventListener('abort', this)
    // It takes as long as the request did, and so never overtakes it.
    timeline.after(this.#out, () => this.#atEndpoint?.hangUp())
    timeline.woke()
    this.#reject(signal.reason)
  }
}

function unknownEndpoint(endpoint: string, known: readonly string[]): string {
  return `Expected \`target.endpoint\` to be one of ${known.join(', ')}, got ${show(endpoint)}`
}
