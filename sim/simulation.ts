import type { Call, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import type { Random } from '../src/core/random.ts'
import type { Journal, Verdict, World } from '../src/core/world.ts'
import { type Arrival, directEndpoint, type Endpoint } from './endpoint.ts'
import { gateway } from './gateway.ts'
import { network } from './latency.ts'
import { profileNamed } from './profiles/profiles.ts'
import { provider } from './provider.ts'
import { switchesOf } from './switches.ts'
import type { Timeline } from './virtual-clock.ts'

export interface Setup {
  readonly timeline: Timeline
  readonly random: Random
  readonly journal: Journal
  /** How many tokens the model would answer to this call, before `maxTokens` cuts it. */
  outputTokens(call: Call): number
}

/** The in-process skin. */
export interface Simulation {
  /** Sends an attempt over the simulated network. `attempt` is its number in the journal, `nth` counts within its call. */
  send(call: Call, attempt: number, nth: number): Promise<Reply>
  /** How long the model takes for a call: ground truth, for the optimum. */
  serviceTime(call: number, outputTokens: number): Millis
}

/** Builds the world: provider, accounts, gateways, network, and what will happen to them. */
export function simulate(world: World, setup: Setup): Simulation {
  const { timeline, random, journal } = setup
  const profile = profileNamed(world.profile)
  const switches = switchesOf(world.switches)
  const brain = provider(world, profile, switches, random.fork('provider'))
  const direct = directEndpoint(brain, timeline)
  const trip = network(switches, random.fork('network'))
  const endpoints = new Map<string, Endpoint>([['dashscope', direct]])
  for (const spec of world.gateways ?? []) {
    const keys = spec.accounts.map((name) => world.accounts.find((a) => a.name === name)!.keys[0]!)
    const context = { profile, timeline, random: random.fork(`gateway ${spec.endpoint}`) }
    endpoints.set(spec.endpoint, gateway(spec, keys, direct, context))
  }
  for (const { at, account, model, factor } of world.events ?? [])
    timeline.after(at - timeline.now(), () => brain.scale(account, model, factor, timeline.now()))

  const send: Simulation['send'] = (call, attempt, nth) =>
    new Promise((resolve, reject) => {
      const { signal } = call
      if (signal.aborted) return reject(signal.reason)
      const endpoint = endpoints.get(call.target.endpoint)
      if (!endpoint) return reject(new Error(unknownEndpoint(call.target.endpoint, [...endpoints.keys()])))
      const { out, back } = trip(call.id, nth)
      const flight = new Flight(call, setup.outputTokens(call), attempt, back, timeline, journal, resolve, reject)
      signal.addEventListener('abort', flight.onAbort)
      timeline.after(out, () => endpoint(flight))
    })
  return { send, serviceTime: brain.serviceTime }
}

/** One attempt under way. A caller who hangs up is gone at once; the provider finishes, and bills, all the same. */
class Flight implements Arrival {
  readonly call: Call
  readonly outputTokens: number
  readonly onAbort: () => void
  readonly #attempt: number
  readonly #back: Millis
  readonly #timeline: Timeline
  readonly #journal: Journal
  readonly #resolve: (reply: Reply) => void

  constructor(
    call: Call,
    outputTokens: number,
    attempt: number,
    back: Millis,
    timeline: Timeline,
    journal: Journal,
    resolve: (reply: Reply) => void,
    reject: (reason: unknown) => void,
  ) {
    this.call = call
    this.outputTokens = outputTokens
    this.#attempt = attempt
    this.#back = back
    this.#timeline = timeline
    this.#journal = journal
    this.#resolve = resolve
    this.onAbort = () => {
      call.signal.removeEventListener('abort', this.onAbort)
      timeline.woke()
      reject(call.signal.reason)
    }
  }

  decided(at: Millis, verdict: Verdict): void {
    this.#journal.decided(this.#attempt, at, verdict)
  }

  done(reply: Reply, money: number): void {
    if (money > 0) this.#journal.billed(this.#attempt, money)
    this.#timeline.after(this.#back, () => {
      const { signal } = this.call
      if (signal.aborted) return
      this.#timeline.woke()
      signal.removeEventListener('abort', this.onAbort)
      if (reply.kind === 'ok') this.#journal.answered(this.#attempt)
      this.#resolve(reply)
    })
  }
}

function unknownEndpoint(endpoint: string, known: readonly string[]): string {
  return `Expected \`target.endpoint\` to be one of ${known.join(', ')}, got ${JSON.stringify(endpoint)}`
}
