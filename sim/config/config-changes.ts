import { isDeepStrictEqual } from 'node:util'
import type { ServeConfig } from './serve-config.ts'

/** The fields that cannot change while the server runs. */
export const fixedAtStart = ['profile', 'seed', 'port', 'host', 'maxBodyBytes', 'controlToken', 'accessLog'] as const

/** Returns the names of the fields that differ between two configs. Limits and switches are named one by one, such as `switches.window`. */
export function configChanges(before: ServeConfig, after: ServeConfig): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ServeConfig>
  names.delete('$schema')
  return [...names]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .flatMap((name) =>
      name === 'limits' || name === 'switches' || name === 'wire'
        ? changedNames(before[name] ?? {}, after[name] ?? {}).map((part) => `${name}.${part}`)
        : [name],
    )
}

function changedNames(before: object, after: object): string[] {
  const former = before as Record<string, unknown>
  const current = after as Record<string, unknown>
  return [...new Set([...Object.keys(former), ...Object.keys(current)])].filter(
    (name) => !isDeepStrictEqual(former[name], current[name]),
  )
}
