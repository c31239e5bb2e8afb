import type { Fields } from '../../../src/checks/shape.ts'
import { BadRequest } from './bad-request.ts'
import { flagField, invalid, ownField } from './body.ts'
import { formatProblem } from './response-format.ts'

/** What is wrong with a value, in the service's words. */
type Check = (value: unknown) => string | undefined

/** The parameters of sampling, which both protocols share. They are checked as documented (error-code.md) and change no answer. */
const checks: Readonly<Record<string, Check>> = {
  temperature: float('temperature', (t) => t >= 0 && t < 2, 'Temperature should be in [0.0, 2.0)'),
  top_p: float('top_p', (p) => p > 0 && p <= 1, 'Range of top_p should be (0.0, 1.0]'),
  top_k: (k) => (typeof k === 'number' && k >= 0 ? undefined : 'Parameter top_k be greater than or equal to 0'),
  repetition_penalty: float(
    'repetition_penalty',
    (penalty) => penalty > 0,
    'Repetition_penalty should be greater than 0.0',
  ),
  presence_penalty: float(
    'presence_penalty',
    (penalty) => penalty >= -2 && penalty <= 2,
    'Presence_penalty should be in [-2.0, 2.0]',
  ),
  // JSON numbers lose their last digits beyond 2^53: the largest seed is read as 2^63.
  seed: (seed) =>
    typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= 2 ** 63
      ? undefined
      : 'Range of seed should be [0, 9223372036854775807]',
  stop: (stop) => (isStop(stop) ? undefined : wrongStop),
  response_format: formatProblem,
}

const names = Object.keys(checks)

/** Throws a `BadRequest` for the first parameter that is wrong. */
export function checkSampling(fields: Fields): void {
  for (const name of names) {
    const value = ownField(fields, name)
    const problem = value === undefined ? undefined : checks[name]!(value)
    if (problem) throw invalid(problem)
  }
}

/** The texts before which the answer is to end. Numbers of tokens are taken, and stop nothing: no vocabulary is known. */
export function stopWords(fields: Fields): readonly string[] {
  const stop = ownField(fields, 'stop')
  const words = Array.isArray(stop) ? stop.filter(isText) : isText(stop) ? [stop] : []
  return words.slice(0, mostStopWords)
}

/** More than any client sends; each is looked for in the whole answer. */
const mostStopWords = 1000

function float(name: string, isIn: (value: number) => boolean, range: string): Check {
  return (value) => {
    if (typeof value !== 'number') return `'${name}' must be Float`
    return isIn(value) ? undefined : range
  }
}

const wrongStop =
  'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.'

function isStop(stop: unknown): boolean {
  if (typeof stop === 'string') return true
  if (!Array.isArray(stop)) return false
  const isTokens = (each: unknown) => Array.isArray(each) && each.every(Number.isInteger)
  return [isText, Number.isInteger, isTokens].some((isKind) => stop.every(isKind))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Models whose name says that they always think. */
const alwaysThinks = /^(qwq|qvq)(-|$)|-thinking(-|$)/

/** Models that think and speak only in streams, as captured of QwQ. */
const onlyStreams = /^(qwq|qvq)(-|$)/

export interface Thinking {
  readonly thinks: boolean
  /** Absent: no budget. */
  readonly thinkingTokens?: number
}

/** Whether the model thinks: `enable_thinking` says so, or its name does. */
export function thinkingOf(fields: Fields, model: string, isStream: boolean): Thinking {
  const wanted = flagField(fields, 'enable_thinking')
  const always = alwaysThinks.test(model)
  if (always && wanted === false) throw invalid('The value of the enable_thinking parameter is restricted to True.')
  if (!isStream && onlyStreams.test(model)) throw new BadRequest({ name: 'only-streams' })
  const budget = ownField(fields, 'thinking_budget')
  if (budget !== undefined && !(typeof budget === 'number' && Number.isSafeInteger(budget) && budget > 0))
    throw invalid(`The thinking_budget parameter must be a positive integer and not greater than ${longestThought}`)
  return {
    thinks: always || wanted === true,
    ...(typeof budget === 'number' && { thinkingTokens: budget }),
  }
}

/** The longest chain of thought that the documentation gives for the commercial Qwen3 models. It is not enforced. */
const longestThought = 81_920

/** Whether a model makes vectors, by its name. */
function embeds(model: string): boolean {
  return /(^|-)embedding(-|$)/.test(model)
}

/** Throws the error of a model that does not do what the path is for. */
export function expectMaker(model: string, makes: 'text' | 'vectors'): void {
  if (embeds(model) !== (makes === 'vectors')) throw new BadRequest({ name: 'unsupported-model', detail: model })
}
