import { type Check, type Checks, isObject, number, object, oneOf, text } from '../checks/shape.ts'
import { show } from '../core/expect.ts'
import { normalsAt, type Random } from '../core/random.ts'

/** A log-normal number of tokens: min(`most`, max(1, round(`median` × exp(`spread` × z)))), where z is standard normal. */
export interface LogNormal {
  /** The median, in tokens. */
  readonly median: number
  /** The standard deviation of the logarithm. 0 gives the median every time. */
  readonly spread: number
  /** The greatest number of tokens. */
  readonly most: number
}

/** The lengths of prompts and answers, in tokens. */
export type Lengths =
  /** Every call has the same lengths. */
  | { readonly kind: 'fixed'; readonly prompt: number; readonly output: number }
  /** Each call's lengths are drawn from two independent log-normal distributions. */
  | { readonly kind: 'log-normal'; readonly prompt: LogNormal; readonly output: LogNormal }
  /** The lengths of the recorded trace that is given to the run. */
  | { readonly kind: 'trace' }

/** The lengths of one call, in tokens. */
export interface Length {
  readonly prompt: number
  readonly output: number
}

const prompt = number({ atLeast: 1, atMost: 10_000_000, whole: true })
const output = number({ atLeast: 0, atMost: 10_000_000, whole: true })
const logNormal = object({
  median: number({ above: 0, atMost: 10_000_000 }),
  spread: number({ atLeast: 0, atMost: 10 }),
  most: prompt,
} satisfies Checks<LogNormal>)

const checks: { readonly [K in Lengths['kind']]: Check } = {
  fixed: object({ kind: text, prompt, output } satisfies Checks<Extract<Lengths, { kind: 'fixed' }>>),
  'log-normal': object({ kind: text, prompt: logNormal, output: logNormal } satisfies Checks<
    Extract<Lengths, { kind: 'log-normal' }>
  >),
  trace: object({ kind: text } satisfies Checks<Extract<Lengths, { kind: 'trace' }>>),
}

/** Returns a sentence for each problem with a description of lengths. */
export function lengthProblems(field: string, lengths: unknown): string[] {
  if (!isObject(lengths)) return [`Expected \`${field}\` to be an object, got ${show(lengths)}`]
  const kindProblems = oneOf(Object.keys(checks))(`${field}.kind`, lengths.kind)
  return kindProblems.length > 0 ? kindProblems : checks[lengths.kind as Lengths['kind']](field, lengths)
}

/** Draws the lengths of one call. They depend only on the seed of the stream and on the number of the call. */
export function lengthOf(lengths: Exclude<Lengths, { kind: 'trace' }>, call: number, random: Random): Length {
  if (lengths.kind === 'fixed') return lengths
  const normals = normalsAt(call, random)
  return { prompt: draw(lengths.prompt, normals[0]), output: draw(lengths.output, normals[1]) }
}

/** The mean lengths of calls, with answers that are cut at `maxTokens`. */
export function meanLength(lengths: Exclude<Lengths, { kind: 'trace' }>, maxTokens: number): Length {
  if (lengths.kind === 'fixed') return { prompt: lengths.prompt, output: Math.min(lengths.output, maxTokens) }
  return {
    prompt: meanOf(lengths.prompt),
    output: meanOf({ ...lengths.output, most: Math.min(lengths.output.most, maxTokens) }),
  }
}

/** The mean of a log-normal number of tokens: the sum over z of what is drawn at z, with the weights of the normal distribution. */
function meanOf(tokens: LogNormal): number {
  const step = 0.01
  let sum = 0
  let weights = 0
  for (let z = -6; z <= 6; z += step) {
    const weight = Math.exp((-z * z) / 2)
    sum += weight * draw(tokens, z)
    weights += weight
  }
  return sum / weights
}

function draw({ median, spread, most }: LogNormal, normal: number): number {
  return Math.min(most, Math.max(1, Math.round(median * Math.exp(spread * normal))))
}
