import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { WireRequest } from '../exchange.ts'
import { BadRequest } from './bad-request.ts'

/** A field of the body that is not what it should be. */
export function invalid(detail: string): BadRequest {
  return new BadRequest({ name: 'invalid-parameter', detail })
}

/** The fields of a request's body. Throws a `BadRequest` where it is no JSON object. */
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

/** A field that the object itself has: what every object inherits does not count, and null is as good as absent. */
export function ownField(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined
}

/** What is said of a field that is missing, or not of its kind. */
export function requiredField(name: string): BadRequest {
  return invalid(`Required parameter(${name}) missing or invalid, please check the request parameters.`)
}

/** Throws a `BadRequest` where no model is named. */
export function modelField(body: Fields): string {
  const model = ownField(body, 'model')
  if (typeof model === 'string' && model !== '') return model
  throw requiredField('model')
}

/** A whole number within bounds; undefined: it is absent. Throws a `BadRequest` for anything else. */
export function numberField(body: Fields, name: string, least: number, most = 1_000_000): number | undefined {
  const value = ownField(body, name)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalid(`Range of ${name} should be [${least}, ${most}]`)
}

/** Undefined: it is absent. Throws a `BadRequest` for what is no boolean. */
export function flagField(body: Fields, name: string): boolean | undefined {
  const value = ownField(body, name)
  if (value === undefined || typeof value === 'boolean') return value
  throw invalid(`'${name}' must be Bool, got ${show(value)}`)
}

/** Undefined: it is absent. Throws a `BadRequest` for what is no object. */
export function objectField(body: Fields, name: string): Fields | undefined {
  const value = ownField(body, name)
  if (value === undefined || isObject(value)) return value
  throw invalid(`'${name}' must be an object, got ${show(value)}`)
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** A body as text. Empty where it is not UTF-8: then it is no JSON either, and answered as such. */
export function bodyText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return ''
  }
}

/** A part of a body as text again, as a model reads it. Throws a `BadRequest` where it is nested deeper than can be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
}

/** Whether a value nests deeper than so many levels: what is to be written back must not, for writing is recursive. */
export function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => nestsDeeperThan(levels - 1, each))
}
