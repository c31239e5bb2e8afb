import { fc } from '@fast-check/vitest'

type Schema = Readonly<Record<string, unknown>>

/** What a value is generated from, beside its schema. */
export interface ValueSource {
  /** Compiles a part of the document, with the named parts to which it refers. */
  readonly ajv: { compile(schema: Schema): (value: unknown) => boolean }
  /** The part that a reference names. */
  resolve(reference: string): Schema
  /** Values for fields that refer to something by name, such as a model. */
  readonly names: Readonly<Record<string, readonly string[]>>
}

/** Values that a JSON Schema accepts: made by its structure, and kept if the schema as a whole agrees. */
export function valuesOf(schema: Schema, source: ValueSource): fc.Arbitrary<unknown> {
  const { $ref, properties, oneOf, anyOf, dependentSchemas } = schema
  if (typeof $ref === 'string') return valuesOf(source.resolve($ref), source)
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
  if (properties === undefined && (oneOf || anyOf))
    return fc.oneof(...((oneOf ?? anyOf) as Schema[]).map((each) => valuesOf(each, source)))
  if (schema.type !== 'object') return plainValues(schema, source)
  const whole = objects(schema, source)
  if (!oneOf && !anyOf && !dependentSchemas) return whole
  const isValid = source.ajv.compile(schema)
  return whole.filter((value) => isValid(value))
}

function objects(schema: Schema, source: ValueSource): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>
    readonly required?: string[]
    readonly additionalProperties: false | Schema
  }
  if (additionalProperties !== false)
    return fc.dictionary(fc.constantFrom(...source.names.model!), valuesOf(additionalProperties, source), {
      maxKeys: 2,
    })
  const fields = Object.entries(properties).map(([name, field]) => {
    const named = source.names[name]
    return [name, named ? fc.constantFrom(...named) : valuesOf(field, source)] as const
  })
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  // Any choice of the optional fields is as likely as any other of its size.
  return fc.subarray(optional).chain((chosen) => {
    const isThere = ([name]: readonly [string, unknown]) => required.includes(name) || chosen.includes(name)
    return fc.record(Object.fromEntries(fields.filter(isThere)))
  })
}

function plainValues(schema: Schema, source: ValueSource): fc.Arbitrary<unknown> {
  const { type, minItems = 0, uniqueItems = false } = schema
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema as Readonly<
    Record<string, number | undefined>
  >
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'string':
      return fc.stringMatching(schema.pattern === '^[!-~]+$' ? /^[!-~]{1,12}$/ : /^[ -~]*[!-~][ -~]*$/)
    case 'integer':
      return fc.maxSafeInteger().map((any) => {
        const least = minimum ?? exclusiveMinimum! + 1
        return any < 0 ? least : least + (any % (maximum! - least + 1))
      })
    case 'number':
      return fc.double({
        noNaN: true,
        noDefaultInfinity: true,
        min: minimum ?? exclusiveMinimum ?? -1e9,
        max: maximum ?? exclusiveMaximum ?? 1e9,
        minExcluded: exclusiveMinimum !== undefined,
        maxExcluded: exclusiveMaximum !== undefined,
      })
    case 'array': {
      const item = valuesOf(schema.items as Schema, source)
      const range = { minLength: minItems as number, maxLength: 3 }
      return uniqueItems ? fc.uniqueArray(item, range) : fc.array(item, range)
    }
    default:
      throw new Error(`No values for ${JSON.stringify(schema)}`)
  }
}
