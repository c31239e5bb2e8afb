import type { Random } from '../../src/core/random.ts'

/** How often worlds are of each kind, as shares that add up to 1. What one part of a world is does not depend on the others. */
export const frequencies = {
  arrivals: {
    'at-once': 0.2,
    closed: 0.1,
    poisson: 0.2,
    gamma: 0.15,
    'on-off': 0.1,
    diurnal: 0.05,
    'flash-crowd': 0.1,
    step: 0.1,
  },
  lengths: { chat: 0.25, api: 0.2, agent: 0.15, 'log-normal': 0.3, fixed: 0.1 },
  /** `paired` is a minute with a second of a 60th, as the article has it; `single` is one of the periods that Alibaba documents. */
  windows: { paired: 0.4, single: 0.6 },
  changes: { none: 0.6, raise: 0.1, fall: 0.1, dip: 0.1, swing: 0.1 },
  changedUnit: { both: 0.6, requests: 0.2, tokens: 0.2 },
  others: { none: 0.7, steady: 0.15, 'on-off': 0.15 },
  window: { sliding: 0.5, fixed: 0.2, bucket: 0.15, anchored: 0.15 },
  tokenCharge: { split: 0.4, admission: 0.2, reserve: 0.2, completion: 0.2 },
  refund: { true: 0.7, false: 0.3 },
  rejectsCount: { true: 0.3, false: 0.7 },
  checkOrder: { 'limits-first': 0.5, 'guard-first': 0.25, 'tokens-first': 0.25 },
  causes: { told: 0.8, hidden: 0.2 },
  retryAfter: { none: 0.6, exact: 0.2, wrong: 0.2 },
  burstGuard: { true: 0.85, false: 0.15 },
} as const

/** Draws one of the kinds of a table of frequencies. */
export function drawnKind<K extends string>(shares: Readonly<Record<K, number>>, random: Random): K {
  const kinds = Object.keys(shares) as K[]
  let rest = random.next()
  for (const kind of kinds) {
    rest -= shares[kind]
    if (rest < 0) return kind
  }
  // Rounding can leave the sum of the shares a little below 1.
  return kinds.at(-1)!
}
