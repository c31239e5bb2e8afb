import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { WireRequest } from '../exchange.ts'
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

/** The fields of a request's body. Throws a `BadRequest` when the body is not a JSON object. */
export function bodyFields({ body }: WireRequest): Fields {
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

/** Returns the name of the model. Throws a `BadRequest` when the body names none. */
export function modelField(body: Fields): string {
  const model = ownField(body, 'model')
  if (typeof model === 'string' && model !== '') return model
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

/** A part of a body as JSON text, which is how a model reads it. Throws a `BadRequest` when the part nests too deep to be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
}

/** Whether a value nests deeper than this many levels. A value that is to be written back must not, since writing is recursive. */
export function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => nestsDeeperThan(levels - 1, each))
}
