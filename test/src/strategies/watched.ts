import type { Inspection, Strategy } from '../../../src/core/strategy.ts'

/** A strategy whose state a test can read while it runs. */
export interface Watched {
  readonly strategy: Strategy
  /** Returns the state of a part. */
  state(part: string): Inspection
}

/** Returns the strategy with the parts that it shows. */
export function watched(strategy: Strategy): Watched {
  const parts = new Map<string, () => Inspection>()
  return {
    strategy: {
      name: strategy.name,
      wrap: (next, env) => strategy.wrap(next, { ...env, expose: (part, read) => parts.set(part, read) }),
    },
    state: (part) => parts.get(part)!(),
  }
}
