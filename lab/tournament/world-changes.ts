import type { Millis } from '../../src/core/clock.ts'
import { minimum } from '../../src/core/extremes.ts'
import type { Random } from '../../src/core/random.ts'
import type { LimitChange } from '../../src/scenario/limit-changes.ts'
import { drawnItem, drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'

/** Draws how the limits of an account change in the time in which a world is busy. */
export function worldChanges(
  of: Pick<LimitChange, 'account' | 'model'>,
  busy: Millis,
  random: Random,
): readonly LimitChange[] {
  const kind = drawnKind(frequencies.changes, random)
  const unit = drawnKind(frequencies.changedUnit, random)
  const place = { ...of, ...(unit !== 'both' && { unit }) }
  const at = Math.round(busy * drawnItem([0.25, 0.4, 0.6], random))
  const lower = rough(drawnScale(0.3, 0.7, random))
  switch (kind) {
    case 'none':
      return []
    case 'raise':
      return [{ ...place, at, to: drawnItem([1.5, 2, 3], random) }]
    case 'fall':
      return [{ ...place, at, to: lower }]
    case 'dip':
      return [
        { ...place, at, to: lower },
        { ...place, at: at + Math.round(busy / 5), to: 1 },
      ]
    case 'swing': {
      const every = 120_000
      const repeat = { every, times: Math.ceil(busy / every) }
      return [
        { ...place, at: every / 2, to: lower, repeat },
        { ...place, at: every, to: 1, repeat },
      ]
    }
  }
}

/** Returns the lowest level of any limit under these changes, as a share of what it is at the start. */
export function lowestLevel(changes: readonly LimitChange[]): number {
  return minimum(
    changes.map(({ to }) => to!),
    1,
  )
}
