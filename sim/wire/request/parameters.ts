import type { Fields } from '../../../src/checks/shape.ts'
import { BadRequest } from './bad-request.ts'
import { flagField, invalid, ownField, tooMuch } from './body.ts'
import { formatProblem } from './response-format.ts'

/** Returns what is wrong with a value, in the service's words. Returns undefined when nothing is wrong. */
type Check = (value: unknown) => string | undefined

/** The sampling parameters of the compatible and the native protocol. They are checked as error-code.md documents. Most change no answer. */
const samplingChecks: Readonly<Record<string, Check>> = {
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
  // JSON numbers lose their last digits beyond 2^53, so that the largest seed is read as 2^63.
  seed: (seed) =>
    typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= 2 ** 63
      ? undefined
      : 'Range of seed should be [0, 9223372036854775807]',
  stop: (stop) => (isStop(stop) ? undefined : wrongStop),
  response_format: formatProblem,
}

const samplingNames = Object.keys(samplingChecks)

/** Throws a `BadRequest` for the first sampling parameter that is wrong. */
export function checkSampling(fields: Fields): void {
  for (const name of samplingNames) {
    const value = ownField(fields, name)
    const problem = value === undefined ? undefined : samplingChecks[name]!(value)
    if (problem) throw invalid(problem)
  }
}

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

/** The most characters of all stop words together. It is more than any client sends. */
const mostStopCharacters = 10_000

/**
 * The texts before which the answer ends. Stop words given as token numbers stop nothing, since the vocabulary is not known. Throws a
 * `BadRequest` when the words are too long.
 */
export function stopWords(fields: Fields): readonly string[] {
  const stop = ownField(fields, 'stop')
  const words = Array.isArray(stop) ? stop.filter(isText) : isText(stop) ? [stop] : []
  if (words.reduce((sum, word) => sum + word.length, 0) > mostStopCharacters)
    throw tooMuch(`the stop words have more than ${mostStopCharacters.toLocaleString('en')} characters`)
  return words
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Models whose name says that they always think. */
const alwaysThinks = /^(qwq|qvq)(-|$)|-thinking(-|$)/

/** Models that answer only in streams, as was captured of QwQ. */
const onlyStreams = /^(qwq|qvq)(-|$)/

/** The longest chain of thought that the documentation gives for the commercial Qwen3 models, tokens. It is not enforced. */
const longestThought = 81_920

/** Whether a model thinks before it answers, and for how long. */
export interface Thinking {
  readonly thinks: boolean
  /** The most tokens that the model may think. Absent: there is no limit. */
  readonly thinkingTokens?: number
}

/** A model thinks when `enable_thinking` is true, or when its name says that it always does. Throws a `BadRequest` for a wrong parameter. */
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

/** Throws a `BadRequest` when the model, by its name, does not make what the path is for. */
export function expectMaker(model: string, makes: 'text' | 'vectors'): void {
  const isEmbedding = /(^|-)embedding(-|$)/.test(model)
  if (isEmbedding !== (makes === 'vectors')) throw new BadRequest({ name: 'unsupported-model', detail: model })
}
