import type { Bounds } from '../core/expect.ts'

/** A JSON Schema (draft 2020-12), or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

/** Something that has a JSON Schema. In the place of each named part, the schema has what `refer` returns for that part. */
export interface Described {
  readonly schema: (refer: Refer) => Schema
}

/** Returns a reference to a named part, and adds the schema of that part to the document. */
export type Refer = (name: string, part: Described) => Schema

/** Returns a `refer` for one document, and the schemas of the named parts that it collects. A reference is `prefix` followed by the name. */
export function definitionsAt(prefix: string): { readonly refer: Refer; readonly definitions: Record<string, Schema> } {
  const definitions: Record<string, Schema> = {}
  const refer: Refer = (name, part) => {
    definitions[name] ??= part.schema(refer)
    return { $ref: `${prefix}${name}` }
  }
  return { refer, definitions }
}

/** Returns the schema of a number within bounds. A whole number must be between −(2^53 − 1) and 2^53 − 1, where doubles are exact. */
export function numberSchema({ above, atLeast, atMost, whole = false }: Bounds): Schema {
  const lowest = whole && above === undefined ? Number.MIN_SAFE_INTEGER : undefined
  const minimum = atLeast ?? lowest
  const maximum = atMost ?? (whole ? Number.MAX_SAFE_INTEGER : undefined)
  return {
    type: whole ? 'integer' : 'number',
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  }
}
