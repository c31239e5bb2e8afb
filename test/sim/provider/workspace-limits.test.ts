import { fc, test as property } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { workspaceLimitChanges } from '../../../sim/provider/workspace-limits.ts'
import type { Limit } from '../../../src/core/limit.ts'
import type { AccountSpec } from '../../../src/scenario/accounts.ts'
import { requests } from '../rig.ts'

type ByWorkspace = Readonly<Record<string, Readonly<Record<string, readonly Limit[]>>>>

function specOf(byWorkspace: ByWorkspace): AccountSpec {
  const workspaces = Object.entries(byWorkspace).map(([name, limits]) => ({ name, keys: [`sk-${name}`], limits }))
  return { name: 'a', keys: ['k'], workspaces }
}

const anyByWorkspace: fc.Arbitrary<ByWorkspace> = fc.dictionary(
  fc.constantFrom('v', 'w'),
  fc.dictionary(
    fc.constantFrom('m', 'n'),
    fc.integer({ min: 1, max: 2 }).map((limit) => [requests(limit)]),
  ),
)

/** Each workspace and model with its limits, the obvious way. */
function pairsOf(byWorkspace: ByWorkspace): Map<string, readonly Limit[]> {
  const pairs = Object.entries(byWorkspace).flatMap(([workspace, models]) =>
    Object.entries(models).map(([model, limits]) => [`${workspace}/${model}`, limits] as const),
  )
  return new Map(pairs)
}

describe('the limits of workspaces', () => {
  property.prop([anyByWorkspace, anyByWorkspace])(
    'the changes, made in their order, lead from one spec to the other, and none of them is needless',
    (before, after) => {
      const inForce = pairsOf(before)
      for (const { workspace, model, limits } of workspaceLimitChanges(specOf(before), specOf(after))) {
        const name = `${workspace}/${model}`
        expect(limits).not.toEqual(inForce.get(name))
        if (limits) inForce.set(name, limits)
        else inForce.delete(name)
      }
      expect(inForce).toEqual(pairsOf(after))
    },
  )
})
