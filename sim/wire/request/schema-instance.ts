import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { nestsDeeperThan } from './body.ts'

/** The depth from which on an instance leaves out everything that is optional. */
const optionalDepth = 4
/** The depth from which on an instance is null. */
const deepestInstance = 64

/** The approximate length from which on an instance is null, characters. A schema may describe more than any machine can hold. */
const longestInstance = 100_000

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
 * `pattern`.
 */
export function schemaInstance(root: unknown): unknown {
  let left = longestInstance

  /** `nth`: the place of the value in its list, whose values may have to differ. */
  function value(given: unknown, depth: number, nth: number): unknown {
    left -= 10
    if (left < 0 || depth > deepestInstance || !isObject(given)) return null
    const schema = merged(given)
    if ('const' in schema) return paid(schema.const)
    const { $ref } = schema
    if (typeof $ref === 'string') return value(pointedAt(root, $ref), depth + 1, nth)
    const { enum: values } = schema
    if (Array.isArray(values) && values.length > 0) return paid(values[nth % values.length])
    const options = schema.anyOf ?? schema.oneOf
    if (Array.isArray(options) && options.length > 0) {
      const option = depth < optionalDepth ? options.find((each) => !isNull(each)) : options.find(isNull)
      return value(option ?? options[0], depth + 1, nth)
    }
    return ofType(typeOf(schema, depth), schema, depth, nth)
  }

  function ofType(type: unknown, schema: Fields, depth: number, nth: number): unknown {
    if (type === 'object') return object(schema, depth)
    if (type === 'array') return list(schema, depth)
    if (type === 'string') return paid(string(schema, nth))
    if (type === 'integer' || type === 'number') return number(schema, type === 'integer', nth)
    if (type === 'boolean') return nth % 2 === 0
    return null
  }

  /** The schema together with the schemas in `allOf`: the properties of all of them, and everything that any of them requires. */
  function merged(schema: Fields): Fields {
    if (!('allOf' in schema) || !Array.isArray(schema.allOf)) return plain(schema)
    const { allOf, ...rest } = schema
    left -= 10 * allOf.length
    const parts = [...allOf, rest].map((part) => {
      const { $ref } = isObject(part) ? part : {}
      return typeof $ref === 'string' ? pointedAt(root, $ref) : part
    })
    const known = parts.filter(isObject).map(plain)
    const all: Fields = Object.assign(Object.create(null), ...known)
    const properties = Object.assign(Object.create(null), ...known.map((part) => part.properties))
    const required = known.flatMap((part) => (Array.isArray(part.required) ? part.required : []))
    return Object.assign(Object.create(null), all, { properties, required, $ref: undefined, allOf: undefined })
  }

  function object({ properties, required }: Fields, depth: number): object {
    const all = isObject(properties) ? Object.entries(properties) : []
    const needed = new Set(Array.isArray(required) ? required : [])
    const chosen = all.filter(([name]) => depth < optionalDepth || needed.has(name))
    return Object.fromEntries(
      chosen.map(([name, each]) => {
        left -= name.length
        return [name, value(each, depth + 1, 0)]
      }),
    )
  }

  function list({ prefixItems, items, minItems, maxItems }: Fields, depth: number): unknown[] {
    const first = Array.isArray(prefixItems) ? prefixItems : []
    const wanted = Math.max(numberOr(minItems, 0), first.length, depth < optionalDepth && items !== false ? 1 : 0)
    const all: unknown[] = []
    for (let i = 0; i < Math.min(wanted, numberOr(maxItems, wanted)) && left > 0; i++)
      all.push(value(i < first.length ? first[i] : (items ?? { type: 'string' }), depth + 1, i))
    return all
  }

  /** Counts the length of a value that the schema chooses. Returns null for a value that is too long or too deep. */
  function paid(given: unknown): unknown {
    if (nestsDeeperThan(deepestInstance, given)) return null
    left -= JSON.stringify(given)?.length ?? 0
    return left < 0 ? null : given
  }

  return value(root, 0, 0)
}

/** A copy without the properties that every object inherits. */
function plain(schema: Fields): Fields {
  return Object.assign(Object.create(null), schema)
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

/** Returns what a reference like `#/$defs/name` points at, or undefined when there is nothing. */
function pointedAt(root: unknown, reference: string): unknown {
  const [start, ...names] = reference.split('/')
  if (start !== '#') return undefined
  return names.reduce<unknown>((place, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
    return (isObject(place) || Array.isArray(place)) && Object.hasOwn(place, key) ? (place as Fields)[key] : undefined
  }, root)
}

function string({ format, minLength, maxLength }: Fields, nth: number): string {
  if (typeof format === 'string' && Object.hasOwn(formatted, format)) return formatted[format]!
  const least = Math.min(numberOr(minLength, 0), longestInstance)
  const word = nth === 0 ? text : `${nth + 1} ${text}`
  return word.padEnd(least, ` ${text}`).slice(0, numberOr(maxLength, Infinity))
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
