import { fc } from '@fast-check/vitest'

type Path = readonly (string | number)[]

/** Every place in a value: the way to it, outermost first. */
function placesIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [path, ...inner.flatMap(([name, child]) => placesIn(child, [...path, name]))]
}

function changed(value: unknown, [first, ...rest]: Path, put: (old: unknown) => unknown): unknown {
  if (first === undefined) return put(value)
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  const next = changed(copy[first], rest, put)
  if (next === undefined) delete copy[first]
  else copy[first] = next
  return Array.isArray(copy) ? copy.filter((_, i) => i in copy) : copy
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    ' ',
    '\ufeff',
    'x',
    true,
    false,
    0,
    -1,
    1,
    1.5,
    1e6,
    1e7,
    2 ** 53,
    2 ** 60,
    [],
    {},
    [1],
    ['x', 'x'],
  ),
  fc.constantFrom<unknown>(
    'always',
    'fixed',
    'intl',
    'rpm',
    'qwen3-max',
    65_536,
    { first: 1 },
    { error: 'requests' },
    { delay: 3 },
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A change at a place: another value there, a further field, or a further item. */
interface Change {
  readonly place: number
  readonly value: unknown
  /** Empty: no field is added. */
  readonly field: string
}

/** Some changes; fields that they add have these names. */
export function changes(fields: readonly string[]): fc.Arbitrary<readonly Change[]> {
  const change = fc.record({ place: fc.nat(), value: odd, field: fc.constantFrom('', ...fields) })
  return fc.array(change, { minLength: 1, maxLength: 3 })
}

/** A value with changes made to it, one after the other, as JSON carries it. */
export function mutated(value: unknown, made: readonly Change[]): unknown {
  const result = made.reduce<unknown>((before, { place, value, field }) => {
    const places = placesIn(before)
    return changed(before, places[place % places.length]!, (old) => {
      if (field === '' || typeof old !== 'object' || old === null) return value
      if (Array.isArray(old)) return [...old, value]
      return Object.fromEntries([...Object.entries(old), [field, value ?? null]])
    })
  }, value)
  return JSON.parse(JSON.stringify(result ?? null))
}
