import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type FaultSubject, faultPlan } from '../../../../sim/wire/handling/fault-plan.ts'
import type { FaultSpec } from '../../../../sim/wire/handling/fault-spec.ts'
import { seeded } from '../../../../src/core/random.ts'

const subject: FaultSubject = { account: 'a', protocol: 'compat-chat', path: '/x', model: 'm', stream: false }
const broken = { error: 'internal' } as const

/** The numbers, from 1, of the first `count` requests that get the fault. */
function struck(spec: FaultSpec, count: number, seed = 1): number[] {
  const plan = faultPlan([spec], seeded(seed))
  return Array.from({ length: count }, (_, i) => i + 1).filter(() => plan.next(subject))
}

describe('when', () => {
  test.each<[FaultSpec['when'], number[]]>([
    ['always', [1, 2, 3, 4, 5]],
    [{ first: 2 }, [1, 2]],
    [{ every: 2 }, [2, 4]],
    [{ probability: 0 }, []],
    [{ probability: 1 }, [1, 2, 3, 4, 5]],
  ])('%j', (when, expected) => {
    expect(struck({ when, do: broken }, 5)).toEqual(expected)
  })

  test('a chance depends on the seed, and has the given frequency', () => {
    const spec: FaultSpec = { when: { probability: 0.3 }, do: broken }
    expect(struck(spec, 1000, 7)).toEqual(struck(spec, 1000, 7))
    expect(struck(spec, 1000, 7)).not.toEqual(struck(spec, 1000, 8))
    expect(struck(spec, 10_000).length / 10_000).toBeCloseTo(0.3, 1)
  })
})

describe('match', () => {
  test.each<[FaultSpec['match'], boolean]>([
    [{}, true],
    [{ model: 'm', account: 'a', protocol: 'compat-chat', path: '/x', stream: false }, true],
    [{ model: 'n' }, false],
    [{ account: 'b' }, false],
    [{ protocol: 'native' }, false],
    [{ path: '/y' }, false],
    [{ stream: true }, false],
  ])('%j', (match, expected) => {
    const plan = faultPlan([{ match: match!, when: 'always', do: broken }], seeded(1))
    expect(plan.next(subject) !== undefined).toBe(expected)
  })
})

test('the label names the fault', () => {
  const specs: FaultSpec[] = [
    { when: { first: 1 }, do: { delay: 50, break: 'mid-body', after: 3 } },
    { when: 'always', do: { error: 'tokens' } },
  ]
  const plan = faultPlan(specs, seeded(1))
  expect(plan.next(subject)?.label).toBe('faults[0]: delay 50, break mid-body, after 3 (first 1)')
  expect(plan.next(subject)?.label).toBe('faults[1]: error tokens (always)')
})

const anySpec = fc.record({
  match: fc.record({ model: fc.constantFrom('m', 'n') }, { requiredKeys: [] }),
  when: fc.oneof(
    fc.constant('always' as const),
    fc.record({ first: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ every: fc.integer({ min: 1, max: 5 }) }),
  ),
  do: fc.constant(broken),
}) as fc.Arbitrary<FaultSpec>

property.prop([fc.array(anySpec, { maxLength: 4 }), fc.array(fc.constantFrom('m', 'n'), { maxLength: 40 })])(
  'each spec counts the requests that it matches, and the first spec that is due applies',
  (specs, models) => {
    const plan = faultPlan(specs, seeded(1))
    models.forEach((model, i) => {
      const due = specs.findIndex(({ match = {}, when }) => {
        const matches = (each: string) => match.model === undefined || match.model === each
        if (!matches(model)) return false
        const nth = models.slice(0, i + 1).filter(matches).length
        if (when === 'always') return true
        return 'first' in when ? nth <= when.first : nth % (when as { every: number }).every === 0
      })
      const label = plan.next({ ...subject, model })?.label
      if (due < 0) expect(label).toBeUndefined()
      else expect(label).toMatch(new RegExp(`^faults\\[${due}\\]: `))
    })
  },
)
