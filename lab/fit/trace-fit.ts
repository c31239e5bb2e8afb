import { InputError } from '../../src/checks/input-error.ts'
import type { Case } from '../../src/scenario/scenario.ts'
import type { Workload } from '../../src/scenario/workload.ts'
import { type ArrivalFit, arrivalFit } from './arrival-fit.ts'
import { type LengthFit, lengthFit } from './length-fit.ts'

/** A recorded trace as the arrivals and the lengths of a case. */
export interface TraceFit {
  readonly arrivals: ArrivalFit
  readonly prompt: LengthFit
  /** Calls without an answer, which has 0 tokens then, are left out unless no call has one. */
  readonly output: LengthFit
  /** What is proposed for a case. */
  readonly proposed: Pick<Case, 'arrivals' | 'lengths'>
}

/** A log-normal, which is simpler, is proposed where it is farther from the lengths than a table of quantiles by no more than this. */
const sameDistance = 0.01

/** Fits the calls of a trace. `path` is the name of its file in messages. Throws an `InputError` when their arrivals have no rate. */
export function traceFit({ arrival, promptTokens, outputTokens }: Workload, path: string): TraceFit {
  const span = arrival.at(-1)! - arrival[0]!
  // An arrival law has at most a call a microsecond, and a rate needs two instants.
  if (arrival.length < 2 || arrival.length > 1000 * span)
    throw new InputError(
      `Expected at least two calls, and at most 1,000 a millisecond, in ${path} to fit their arrivals, got ${arrival.length} within ${span} ms: ` +
        'name another file, or take another part of it',
      'TRACE_INVALID',
    )
  const answers = outputTokens.filter((tokens) => tokens > 0)
  const arrivals = arrivalFit(arrival)
  const prompt = lengthFit(promptTokens)
  const output = lengthFit(answers.length > 0 ? answers : outputTokens)
  const isLogNormal = [prompt, output].every(
    ({ distances }) => distances.logNormal <= distances.quantiles + sameDistance,
  )
  const lengths: Case['lengths'] = isLogNormal
    ? { kind: 'log-normal', prompt: prompt.logNormal, output: output.logNormal }
    : { kind: 'quantiles', prompt: prompt.quantiles, output: output.quantiles }
  return { arrivals, prompt, output, proposed: { arrivals: arrivals.proposed.law, lengths } }
}
