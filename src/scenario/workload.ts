import { InputError } from '../checks/input-error.ts'
import type { Millis } from '../core/clock.ts'
import { show } from '../core/expect.ts'
import type { Random } from '../core/random.ts'
import { instants } from './arrivals.ts'
import { lengthOf } from './lengths.ts'
import { callsBeforeEnd } from './replay-end.ts'
import type { Case } from './scenario.ts'
import { loadText } from './sweep-point.ts'

/** The calls of a run in columns, in the order of arrival. With one seed it is the same for every strategy. */
export interface Workload {
  /** Intended start of each call, in whole milliseconds from the run's start. */
  readonly arrival: Float64Array
  /** Length of each prompt, in tokens. */
  readonly promptTokens: Uint32Array
  /** Length of each answer in tokens, before `max_tokens` cuts it. */
  readonly outputTokens: Uint32Array
}

/** The greatest number of calls in one case. A greater one is more likely a mistake than intended. */
export const mostCalls = 20_000_000

/**
 * Draws a case's workload, at the load of its point where it is one of a sweep. Arrivals and lengths of the kind `trace` come from the recorded trace, up to the horizon.
 * Throws an `InputError` when that trace is missing, or when a generator of arrivals fails or yields wrong instants.
 */
export function workloadOf(chosen: Case, random: Random, recorded: Workload | undefined): Workload {
  const draw = (from: Random) => ownWorkload(chosen, from, recorded)
  return chosen.sweep ? loadedWorkload(draw, chosen.sweep.load, random) : draw(random)
}

function ownWorkload(chosen: Case, random: Random, recorded: Workload | undefined): Workload {
  const arrival = arrivalsOf(chosen, random.fork('arrivals'), recorded)
  return { arrival, ...lengthsOf(chosen, arrival.length, random.fork('lengths'), recorded) }
}

/**
 * Returns `load` times the calls of a workload: whole draws of it together, and one more of which each call is kept with the probability that is left. So
 * a smaller load has a part of the calls of a greater one, and the load 1 is the first draw itself. `draw` draws the workload from a stream.
 */
function loadedWorkload(draw: (random: Random) => Workload, load: number, random: Random): Workload {
  const first = draw(random)
  const expected = Math.round(first.arrival.length * load)
  if (expected > mostCalls)
    throw new InputError(
      `Expected a load of at most ${mostCalls} calls, got about ${expected} at ${loadText(load)}`,
      'SCENARIO_INVALID',
    )
  const copies = Array.from({ length: Math.ceil(load) }, (_, i) => (i === 0 ? first : draw(random.fork(`copy ${i}`))))
  const thinning = random.fork('thinning')
  const calls = copies.flatMap((copy, i) =>
    Array.from(copy.arrival, (arrival, call) => ({ copy, call, arrival })).filter(
      ({ call }) => thinning.at(call, i) < load - i,
    ),
  )
  calls.sort((a, b) => a.arrival - b.arrival)
  return {
    arrival: Float64Array.from(calls, ({ arrival }) => arrival),
    promptTokens: Uint32Array.from(calls, ({ copy, call }) => copy.promptTokens[call]!),
    outputTokens: Uint32Array.from(calls, ({ copy, call }) => copy.outputTokens[call]!),
  }
}

function arrivalsOf(chosen: Case, random: Random, recorded: Workload | undefined): Float64Array {
  const { name, arrivals } = chosen
  if (arrivals.kind === 'trace') {
    const trace = requireTrace(name, recorded)
    return trace.arrival.slice(0, callsBeforeEnd(chosen, trace)).map((at) => Math.floor(at / arrivals.speed))
  }
  const intended = withInputErrors(name, instants(arrivals, random))
  const drawn: number[] = []
  let last = 0
  for (const at of intended) {
    if (!Number.isSafeInteger(at) || at < last)
      throw new InputError(
        `Expected the arrivals of case \`${name}\` to be whole, ascending milliseconds >= 0, got ${show(at)} after ${last}`,
        'SCENARIO_INVALID',
      )
    if (drawn.length === mostCalls)
      throw new InputError(
        `Expected case \`${name}\` to offer at most ${mostCalls} calls, got more by t = ${at} ms`,
        'SCENARIO_INVALID',
      )
    drawn.push(at)
    last = at
  }
  return Float64Array.from(drawn)
}

/** The error of a generator is the `cause` of an `InputError`, because the generator is the user's code in a scenario file. */
function* withInputErrors(name: string, generated: Iterable<Millis>): Generator<Millis> {
  try {
    yield* generated
  } catch (cause) {
    const message = `Expected the arrivals of case \`${name}\` to be generated, but the generator throws`
    throw Object.assign(new InputError(message, 'SCENARIO_INVALID'), { cause })
  }
}

function lengthsOf(
  { name, lengths }: Case,
  calls: number,
  random: Random,
  recorded: Workload | undefined,
): Pick<Workload, 'promptTokens' | 'outputTokens'> {
  const promptTokens = new Uint32Array(calls)
  const outputTokens = new Uint32Array(calls)
  for (let call = 0; call < calls; call++) {
    if (lengths.kind === 'trace') {
      const { promptTokens: prompts, outputTokens: outputs } = requireTrace(name, recorded)
      // Arrivals of another kind may outnumber the calls of the trace. Its lengths are then used again from the first on.
      promptTokens[call] = prompts[call % prompts.length]!
      outputTokens[call] = outputs[call % outputs.length]!
    } else {
      const { prompt, output } = lengthOf(lengths, call, random)
      promptTokens[call] = prompt
      outputTokens[call] = output
    }
  }
  return { promptTokens, outputTokens }
}

function requireTrace(name: string, recorded: Workload | undefined): Workload {
  if (recorded) return recorded
  throw new InputError(
    `Expected a recorded trace for case \`${name}\`, got none: name one with --trace FILE`,
    'TRACE_MISSING',
  )
}
