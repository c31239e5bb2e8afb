import { type Check, type Checks, isObject, number, object, oneOf, text } from '../../checks/shape.ts'
import { show } from '../../core/expect.ts'
import { normalsAt, type Random } from '../../core/random.ts'
import { type LogNormal, logNormalCheck, meanOfLogNormal, tokensAtNormal } from './log-normal.ts'
import { meanTokens, type Quantiles, quantilesCheck, tokensAt } from './quantiles.ts'
import { type LengthShape, lengthShapes } from './shapes.ts'

/** The lengths of prompts and answers, in tokens. */
export type Lengths =
  /** Every call has the same lengths. */
  | { readonly kind: 'fixed'; readonly prompt: number; readonly output: number }
  /** Each call's lengths are drawn from two independent log-normal distributions. */
  | { readonly kind: 'log-normal'; readonly prompt: LogNormal; readonly output: LogNormal }
  /** Each call's lengths are drawn from two independent tables of quantiles, such as `ratelab fit` makes. */
  | { readonly kind: 'quantiles'; readonly prompt: Quantiles; readonly output: Quantiles }
  /** The lengths of a kind of traffic that was recorded: `lengthShapes` has their numbers and their sources. */
  | { readonly kind: 'shape'; readonly shape: LengthShape }
  /** The lengths of the recorded trace that is given to the run. */
  | { readonly kind: 'trace' }

/** The lengths that need no trace. */
export type DrawnLengths = Exclude<Lengths, { kind: 'trace' }>

/** The lengths of one call, in tokens. */
export interface Length {
  readonly prompt: number
  readonly output: number
}

const prompt = number({ atLeast: 1, atMost: 10_000_000, whole: true })
const output = number({ atLeast: 0, atMost: 10_000_000, whole: true })

const checks: { readonly [K in Lengths['kind']]: Check } = {
  fixed: object({ kind: text, prompt, output } satisfies Checks<Extract<Lengths, { kind: 'fixed' }>>),
  'log-normal': object({ kind: text, prompt: logNormalCheck, output: logNormalCheck } satisfies Checks<
    Extract<Lengths, { kind: 'log-normal' }>
  >),
  quantiles: object({ kind: text, prompt: quantilesCheck(1), output: quantilesCheck(0) } satisfies Checks<
    Extract<Lengths, { kind: 'quantiles' }>
  >),
  shape: object({ kind: text, shape: oneOf(Object.keys(lengthShapes)) } satisfies Checks<
    Extract<Lengths, { kind: 'shape' }>
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
export function lengthOf(lengths: DrawnLengths, call: number, random: Random): Length {
  switch (lengths.kind) {
    case 'fixed':
      return lengths
    case 'log-normal': {
      const normals = normalsAt(call, random)
      return { prompt: tokensAtNormal(lengths.prompt, normals[0]), output: tokensAtNormal(lengths.output, normals[1]) }
    }
    case 'quantiles':
      return {
        prompt: tokensAt(lengths.prompt, random.at(call, 0)),
        output: tokensAt(lengths.output, random.at(call, 1)),
      }
    case 'shape':
      return lengthOf(lengthShapes[lengths.shape].lengths, call, random)
  }
}

/** The mean lengths of calls, with answers that are cut at `maxTokens`. */
export function meanLength(lengths: DrawnLengths, maxTokens: number): Length {
  switch (lengths.kind) {
    case 'fixed':
      return { prompt: lengths.prompt, output: Math.min(lengths.output, maxTokens) }
    case 'log-normal':
      return {
        prompt: meanOfLogNormal(lengths.prompt),
        output: meanOfLogNormal({ ...lengths.output, most: Math.min(lengths.output.most, maxTokens) }),
      }
    case 'quantiles':
      return { prompt: meanTokens(lengths.prompt, Infinity), output: meanTokens(lengths.output, maxTokens) }
    case 'shape':
      return meanLength(lengthShapes[lengths.shape].lengths, maxTokens)
  }
}
