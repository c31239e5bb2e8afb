import type { Bounds } from '../core/expect.ts'

/** A JSON Schema (draft 2020-12), or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

/** Has a JSON Schema, which refers to its named parts by what `refer` returns for them. */
export interface Described {
  readonly schema: (refer: Refer) => Schema
}

/** Returns a reference to a named part, and has the schema of that part added to the document. */
export type Refer = (name: string, part: Described) => Schema

/** Collects the schemas of the named parts of one document. A reference is `prefix` followed by the name. */
export function definitionsAt(prefix: string): { readonly refer: Refer; readonly definitions: Record<string, Schema> } {
  const definitions: Record<string, Schema> = {}
  const refer: Refer = (name, part) => {
    definitions[name] ??= part.schema(refer)
    return { $ref: `${prefix}${name}` }
  }
  return { refer, definitions }
}

/** The schema of a number within bounds. A whole number has to be one that a double tells from its neighbours. */
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
