import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { tooMuch } from './body.ts'

/** The depth from which on an instance leaves out everything that is optional. */
const optionalDepth = 4
/** The depth from which on an instance is null. */
const deepestInstance = 64

/**
 * The most steps that one instance takes. A step is a character that is written, or a part of the schema that is looked at. A schema may
 * describe more than any machine can hold, and its references may multiply what is looked at.
 */
const mostSteps = 200_000
/** The steps of a value, whatever it is. */
const stepsOfValue = 20

const text = 'text'

const formatted: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

/**
 * Makes the simplest JSON value that a JSON Schema admits. The same schema always gives the same value. It understands what the schemas of SDKs
 * consist of: types, `enum`, `const`, bounds, `format`, `$ref` within the schema, and combinations, of which it takes the first. It ignores
 * `pattern`. Throws a `BadRequest` for a schema that takes too many steps.
 */
export function schemaInstance(root: unknown): unknown {
  let left = mostSteps

  function spend(steps: number): void {
    left -= steps
    if (left < 0)
      throw tooMuch(`a JSON Schema asks for more than ${mostSteps.toLocaleString('en')} characters or parts of it`)
  }

  /** `nth`: the place of the value in its list, whose values may have to differ. */
  function value(given: unknown, depth: number, nth: number): unknown {
    spend(stepsOfValue)
    if (depth > deepestInstance || !isObject(given)) return null
    const schema = merged(given)
    if ('const' in schema) return chosen(schema.const)
    const { $ref } = schema
    if (typeof $ref === 'string') return value(pointedAt($ref), depth + 1, nth)
    const { enum: values } = schema
    if (Array.isArray(values) && values.length > 0) return chosen(values[nth % values.length])
    const options = schema.anyOf ?? schema.oneOf
    if (Array.isArray(options) && options.length > 0) {
      spend(options.length)
      const option = depth < optionalDepth ? options.find((each) => !isNull(each)) : options.find(isNull)
      return value(option ?? options[0], depth + 1, nth)
    }
    return ofType(typeOf(schema, depth), schema, depth, nth)
  }

  function ofType(type: unknown, schema: Fields, depth: number, nth: number): unknown {
    if (type === 'object') return object(schema, depth)
    if (type === 'array') return list(schema, depth)
    if (type === 'string') return string(schema, nth)
    if (type === 'integer' || type === 'number') return number(schema, type === 'integer', nth)
    if (type === 'boolean') return nth % 2 === 0
    return null
  }

  /** The schema together with the schemas in `allOf`: the properties of all of them, and everything that any of them requires. */
  function merged(schema: Fields): Fields {
    if (!('allOf' in schema) || !Array.isArray(schema.allOf)) return plain(schema)
    const { allOf, ...rest } = schema
    spend(stepsOfValue * allOf.length)
    const parts = [...allOf, rest].map((part) => {
      const { $ref } = isObject(part) ? part : {}
      return typeof $ref === 'string' ? pointedAt($ref) : part
    })
    const known = parts.filter(isObject).map(plain)
    const all: Fields = Object.assign(Object.create(null), ...known)
    const properties = Object.assign(Object.create(null), ...known.map((part) => plain(part.properties)))
    const required = known.flatMap((part) => listIn(part.required))
    return Object.assign(Object.create(null), all, { properties, required, $ref: undefined, allOf: undefined })
  }

  /** A copy without the properties that every object inherits. */
  function plain(schema: unknown): Fields {
    const copy: Fields = Object.assign(Object.create(null), isObject(schema) ? schema : {})
    spend(Object.keys(copy).length)
    return copy
  }

  /** A list, which is empty for any other value. */
  function listIn(given: unknown): readonly unknown[] {
    const found: readonly unknown[] = Array.isArray(given) ? given : []
    spend(found.length)
    return found
  }

  function object({ properties, required }: Fields, depth: number): object {
    const all = Object.entries(plain(properties))
    const needed = new Set(listIn(required))
    const wanted = all.filter(([name]) => depth < optionalDepth || needed.has(name))
    return Object.fromEntries(
      wanted.map(([name, each]) => {
        spend(name.length)
        return [name, value(each, depth + 1, 0)]
      }),
    )
  }

  function list({ prefixItems, items, minItems, maxItems }: Fields, depth: number): unknown[] {
    const first = listIn(prefixItems)
    const least = Math.max(numberOr(minItems, 0), first.length, depth < optionalDepth && items !== false ? 1 : 0)
    const all: unknown[] = []
    for (let i = 0; i < Math.min(least, numberOr(maxItems, least)); i++)
      all.push(value(i < first.length ? first[i] : (items ?? { type: 'string' }), depth + 1, i))
    return all
  }

  function string({ format, minLength, maxLength }: Fields, nth: number): string {
    if (typeof format === 'string' && Object.hasOwn(formatted, format)) return formatted[format]!
    const word = nth === 0 ? text : `${nth + 1} ${text}`
    const least = Math.max(numberOr(minLength, 0), word.length)
    const length = Math.max(0, Math.min(least, numberOr(maxLength, Infinity)))
    spend(length)
    return word.padEnd(length, ` ${text}`).slice(0, length)
  }

  /** A value that the schema chooses. */
  function chosen(given: unknown): unknown {
    spendOn(given)
    return given
  }

  /** Spends the approximate length of a value in JSON. */
  function spendOn(given: unknown): void {
    spend(typeof given === 'string' ? given.length : stepsOfValue)
    if (typeof given !== 'object' || given === null) return
    for (const [name, each] of Object.entries(given)) {
      spend(name.length)
      spendOn(each)
    }
  }

  /** Returns what a reference like `#/$defs/name` points at, or undefined when there is nothing. */
  function pointedAt(reference: string): unknown {
    spend(reference.length)
    const [start, ...names] = reference.split('/')
    if (start !== '#') return undefined
    return names.reduce<unknown>((place, name) => {
      const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
      return (isObject(place) || Array.isArray(place)) && Object.hasOwn(place, key) ? (place as Fields)[key] : undefined
    }, root)
  }

  return value(root, 0, 0)
}

function typeOf(schema: Fields, depth: number): unknown {
  const { type } = schema
  if (Array.isArray(type))
    return depth >= optionalDepth && type.includes('null') ? 'null' : type.find((each) => each !== 'null')
  if (type !== undefined) return type
  return 'properties' in schema ? 'object' : 'items' in schema ? 'array' : 'string'
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && Object.hasOwn(schema, 'type') && schema.type === 'null'
}

/** 1, 2, 3 and so on by the place in the list, or the nearest number that the bounds allow. */
function number(schema: Fields, isWhole: boolean, nth: number): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const low = Math.max(numberOr(minimum, -Infinity), numberOr(exclusiveMinimum, -Infinity))
  const high = Math.min(numberOr(maximum, Infinity), numberOr(exclusiveMaximum, Infinity))
  const isOpen = { low: low === exclusiveMinimum, high: high === exclusiveMaximum }
  const step = numberOr(multipleOf, isWhole ? 1 : 0)
  if (step > 0) {
    const least = Math.ceil(low / step) + (isOpen.low && Number.isInteger(low / step) ? 1 : 0)
    const most = Math.floor(high / step) - (isOpen.high && Number.isInteger(high / step) ? 1 : 0)
    return Math.max(least, Math.min(most, 1 + nth)) * step
  }
  const wanted = Math.max(low, Math.min(high, 1 + nth))
  const isOut = (isOpen.low && wanted === low) || (isOpen.high && wanted === high)
  if (!isOut) return wanted
  if (Number.isFinite(low) && Number.isFinite(high)) return (low + high) / 2
  return wanted === low ? low + 1 : high - 1
}

function numberOr(given: unknown, otherwise: number): number {
  return typeof given === 'number' ? given : otherwise
}
