import type { Call } from './core/call.ts'
import { type Clock, type Millis, neverAborts } from './core/clock.ts'
import { expectNumber, OptionError, show } from './core/expect.ts'
import { ambientRandom, type Random } from './core/random.ts'
import type { Inspection, Strategy } from './core/strategy.ts'
import { systemClock } from './core/system-clock.ts'
import { callRequest, type FetchInput, isRequest } from './fetch/call-request.ts'
import type { FetchListeners } from './fetch/events.ts'
import { PendingCall } from './fetch/pending-call.ts'

/** What a user may tell of a call that its request does not. What is absent is taken from the request. */
export type CallFacts = Partial<Pick<Call, 'tenant' | 'priority' | 'promptTokens' | 'maxTokens'>>

/** The options of `toFetch`. All of them may be absent. */
export interface ToFetchOptions extends FetchListeners {
  /** What reaches the provider. Default: the platform's `fetch`, as it is at each attempt. */
  readonly fetch?: typeof fetch
  /** How long a call may wait until it is sent, in milliseconds. > 0. Default `Infinity`: until its signal aborts. */
  readonly patience?: Millis
  /** The output tokens that a call may have whose body does not bound them. Whole, >= 1. Default 2048. */
  readonly maxTokens?: number
  /** Tells more of a call, from the arguments of its `fetch`. It must not read a body that can be read only once. Default: nothing. */
  readonly describe?: (input: FetchInput, init: RequestInit | undefined) => CallFacts
  /** The strategy's time. Default: the machine's. */
  readonly clock?: Clock
  /** The strategy's random draws. Default: draws that nobody can repeat. */
  readonly random?: Random
}

/** The state of a `toFetch`, as plain data. */
export interface FetchInspection {
  /** The name of the strategy. */
  readonly strategy: string
  /** The calls that have no attempt under way: they wait in the strategy. */
  readonly waiting: number
  /** The calls that have an attempt under way. Of a stream that lasts to its last byte. */
  readonly inFlight: number
  /** What the strategy shows of itself, by part: limits that it has learned, rates, its line. A second part of a name is called `name 2`. */
  readonly parts: Readonly<Record<string, Inspection>>
}

/** A `fetch` that sends through a strategy. */
export type StrategyFetch = typeof fetch & {
  /** Shows the state at this instant. */
  inspect(): FetchInspection
}

/**
 * Makes a `fetch` that sends each request to a model through a strategy: `new OpenAI({ fetch: toFetch(strategy), maxRetries: 0 })`. All clients that
 * share it share the strategy's state. Other requests pass untouched. Throws an `OptionError` for a wrong option; `docs/production.md` has the rest.
 */
export function toFetch(strategy: Strategy, options: ToFetchOptions = {}): StrategyFetch {
  if (typeof strategy?.wrap !== 'function')
    throw new OptionError(`Expected \`strategy\` to be a strategy, such as retry(), got ${show(strategy)}`)
  const { patience = Infinity, maxTokens = 2048, clock = systemClock, random = ambientRandom(), describe } = options
  if (patience !== Infinity) expectNumber('patience', patience, { above: 0 })
  expectNumber('maxTokens', maxTokens, { atLeast: 1, whole: true })
  const reach: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const outlet = { ...options, clock, fetch: reach, name: strategy.name }
  const parts = new Map<string, () => Inspection>()
  const pending = new Set<PendingCall>()
  let calls = 0

  function expose(part: string, read: () => Inspection): void {
    let name = part
    for (let nth = 2; parts.has(name); nth++) name = `${part} ${nth}`
    parts.set(name, read)
  }

  const send = strategy.wrap(
    (call) => {
      const reply = (call.payload as PendingCall).attempt(call)
      // A strategy may drop a reply, whose rejection is then nobody's.
      reply.catch(() => {})
      return reply
    },
    { clock, random, expose },
  )

  async function throughStrategy(input: FetchInput, init?: RequestInit): Promise<Response> {
    const own = init?.signal === undefined && isRequest(input) ? input.signal : init?.signal
    own?.throwIfAborted()
    const request = await callRequest(input, init)
    if (!request) return reach(input, init)
    own?.throwIfAborted()
    const facts = describe && checkedFacts(describe(input, init))
    const payload = new PendingCall(outlet, request)
    const { target, promptTokens, serverWait } = request
    const bounds = { promptTokens, maxTokens: request.maxTokens ?? maxTokens, serverWait }
    const deadline = clock.now() + patience
    const call: Call = { id: calls++, target, ...bounds, ...facts, payload, signal: own ?? neverAborts, deadline }
    pending.add(payload)
    payload.send(send, call).then(() => pending.delete(payload))
    return payload.response
  }

  function inspect(): FetchInspection {
    const inFlight = [...pending].filter((each) => each.isInFlight).length
    const shown = [...parts].map(([name, read]) => [name, read()] as const)
    return { strategy: strategy.name, waiting: pending.size - inFlight, inFlight, parts: Object.fromEntries(shown) }
  }

  return Object.assign(throughStrategy, { inspect })
}

/** The facts that a user gives. Throws an `OptionError` for a number of tokens that is none, which would make every sum of tokens wrong. */
function checkedFacts(facts: CallFacts): CallFacts {
  const given = Object.entries(facts).filter(([, value]) => value !== undefined)
  for (const [name, value] of given)
    if (/Tokens$/.test(name)) expectNumber(`describe(…).${name}`, value, { atLeast: 0, whole: true })
  return Object.fromEntries(given)
}
