import { jsonExcess } from '../../../src/checks/json-excess.ts'
import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { WireRequest } from '../exchange.ts'
import { shortenedText } from '../recorded-text.ts'
import { BadRequest } from './bad-request.ts'

const strict = new TextDecoder('utf-8', { fatal: true })

/** The bytes of a body as text. Empty when they are not UTF-8: an empty body is then answered as one that is not JSON. */
export function bodyText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return ''
  }
}

/** The fields of a request's body. Throws a `BadRequest` when the body is not a JSON object, or is made of more than one may be. */
export function bodyFields({ body }: WireRequest): Fields {
  const excess = jsonExcess(body)
  if (excess !== undefined) throw tooMuch(`the body ${excess}`)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
  if (!isObject(value)) throw new BadRequest({ name: 'invalid-body' })
  return value
}

/** Returns a field that the object itself has. Returns undefined for null, and for what every object inherits. */
export function ownField(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined
}

/** The longest name of a model, characters. */
const longestModelName = 1000

/** Returns the name of the model, shortened if no model can have it. Throws a `BadRequest` when the body names none. */
export function modelField(body: Fields): string {
  const model = ownField(body, 'model')
  if (typeof model === 'string' && model !== '') return model.length > longestModelName ? shortenedText(model) : model
  throw requiredField('model')
}

/** Returns a whole number between `least` and `most`, or undefined when the field is absent. Throws a `BadRequest` for anything else. */
export function numberField(body: Fields, name: string, least: number, most = 1_000_000): number | undefined {
  const value = ownField(body, name)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalid(`Range of ${name} should be [${least}, ${most}]`)
}

/** Returns a boolean, or undefined when the field is absent. Throws a `BadRequest` for anything else. */
export function flagField(body: Fields, name: string): boolean | undefined {
  const value = ownField(body, name)
  if (value === undefined || typeof value === 'boolean') return value
  throw invalid(`'${name}' must be Bool, got ${show(value)}`)
}

/** Returns an object, or undefined when the field is absent. Throws a `BadRequest` for anything else. */
export function objectField(body: Fields, name: string): Fields | undefined {
  const value = ownField(body, name)
  if (value === undefined || isObject(value)) return value
  throw invalid(`'${name}' must be an object, got ${show(value)}`)
}

/** The error of a field that is missing or of the wrong kind. */
export function requiredField(name: string): BadRequest {
  return invalid(`Required parameter(${name}) missing or invalid, please check the request parameters.`)
}

/** The error of a field whose value is wrong; `detail` says how. */
export function invalid(detail: string): BadRequest {
  return new BadRequest({ name: 'invalid-parameter', detail })
}

/** The error of a request that asks for more than a bound of ratelab's own; `detail` says what and how much. */
export function tooMuch(detail: string): BadRequest {
  return new BadRequest({ name: 'too-much-work', detail })
}
