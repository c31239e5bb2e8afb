import type { Random } from '../../core/random.ts'
import { type Length, type Lengths, lengthOf } from '../lengths/lengths.ts'
import type { Case } from '../scenario.ts'
import type { Workload } from '../workload.ts'
import type { DrawnArrivals } from './drawn-arrivals.ts'
import { requireTrace } from './required-trace.ts'

/**
 * Draws the lengths of a case's calls. `lengthsOf` gives the description for a call, so that tenants can have lengths of their own; they draw
 * the same numbers all the same.
 */
export function drawnLengths(
  { name, arrivals, maxTokens }: Case,
  { arrival, row, follows }: DrawnArrivals,
  random: Random,
  recorded: Workload | undefined,
  lengthsOf: (call: number) => Lengths,
): Pick<Workload, 'promptTokens' | 'outputTokens'> {
  const calls = arrival.length
  const promptTokens = new Uint32Array(calls)
  const outputTokens = new Uint32Array(calls)
  const context = arrivals.kind === 'sessions' ? arrivals.context : Infinity
  for (let call = 0; call < calls; call++) {
    const { prompt, output } = lengthAt(call)
    const before = follows?.[call] ?? -1
    const history = before < 0 ? 0 : promptTokens[before]! + Math.min(outputTokens[before]!, maxTokens)
    promptTokens[call] = Math.min(context, history + prompt)
    outputTokens[call] = output
  }
  return { promptTokens, outputTokens }

  function lengthAt(call: number): Length {
    const lengths = lengthsOf(call)
    if (lengths.kind !== 'trace') return lengthOf(lengths, call, random)
    const trace = requireTrace(name, recorded)
    // Arrivals of another kind may outnumber the calls of the trace. Its lengths are then used again from the first on.
    const from = row?.[call] ?? call % trace.promptTokens.length
    return { prompt: trace.promptTokens[from]!, output: trace.outputTokens[from]! }
  }
}
