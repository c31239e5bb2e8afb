import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { invalid, own } from './fields.ts'

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
    const value = own(fields, name)
    const problem = value === undefined ? undefined : checks[name]!(value)
    if (problem) throw invalid(problem)
  }
}

/** The texts before which the answer is to end. Numbers of tokens are taken, and stop nothing: no vocabulary is known. */
export function stopWords(fields: Fields): readonly string[] {
  const stop = own(fields, 'stop')
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

const formats: readonly unknown[] = ['text', 'json_object', 'json_schema']

function formatProblem(format: unknown): string | undefined {
  const type = isObject(format) ? own(format, 'type') : undefined
  if (formats.includes(type)) return undefined
  const got = typeof type === 'string' ? type : typeof format
  return `Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is ${got}.`
}
