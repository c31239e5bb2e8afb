import type { Bounds } from '../core/expect.ts'

/** A JSON Schema (draft 2020-12), or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

/** What can write its own JSON Schema. */
export interface Described {
  readonly schema: (refer: Refer) => Schema
}

/** Returns a reference to a named part, whose own schema then stands beside the document that is being written. */
export type Refer = (name: string, part: Described) => Schema

/** Collects the named parts of one document. A reference is `prefix` with the name after it. */
export function definitionsAt(prefix: string): { readonly refer: Refer; readonly definitions: Record<string, Schema> } {
  const definitions: Record<string, Schema> = {}
  const refer: Refer = (name, part) => {
    definitions[name] ??= part.schema(refer)
    return { $ref: `${prefix}${name}` }
  }
  return { refer, definitions }
}

/** A number within bounds. Whole numbers end where a double no longer tells them from their neighbours. */
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
