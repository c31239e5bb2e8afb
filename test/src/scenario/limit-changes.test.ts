import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type LimitChange, limitSteps } from '../../../src/scenario/limit-changes.ts'

const own = { account: 'main', model: 'm' }

describe('the steps of limits', () => {
  test('are in the order of time, whatever the order of the changes', () => {
    expect(
      limitSteps([
        { at: 90, ...own, factor: 2 },
        { at: 60, ...own, factor: 0.5, unit: 'tokens' },
      ]),
    ).toEqual([
      { at: 60, ...own, factor: 0.5, unit: 'tokens' },
      { at: 90, ...own, factor: 2 },
    ])
  })

  test('repeat a change', () => {
    const falls: LimitChange = { at: 60_000, ...own, to: 0.25, repeat: { every: 120_000, times: 2 } }
    const rises: LimitChange = { at: 120_000, ...own, to: 1, repeat: { every: 120_000, times: 2 } }
    expect(limitSteps([falls, rises])).toEqual([
      { at: 60_000, ...own, factor: 0.25 },
      { at: 120_000, ...own, factor: 4 },
      { at: 180_000, ...own, factor: 0.25 },
      { at: 240_000, ...own, factor: 4 },
    ])
  })

  const changes = fc.array(
    fc
      .record({
        at: fc.nat(9),
        account: fc.constantFrom('a', 'b'),
        model: fc.constantFrom('m', 'n'),
        kind: fc.constantFrom('factor', 'to'),
        by: fc.constantFrom(0.25, 0.5, 1, 2, 4),
        unit: fc.option(fc.constantFrom('requests' as const, 'tokens' as const), { nil: undefined }),
      })
      .map(({ kind, by, unit, ...rest }): LimitChange => ({ ...rest, [kind]: by, ...(unit && { unit }) })),
    { maxLength: 8 },
  )

  test.prop([changes, fc.constantFrom('a', 'b'), fc.constantFrom('requests' as const, 'tokens' as const)])(
    'multiply to what the changes say, for each account, model and unit',
    (given, account, unit) => {
      const concerns = (each: { account: string; model: string; unit?: string }) =>
        each.account === account && each.model === 'm' && (each.unit ?? unit) === unit
      let expected = 1
      for (let at = 0; at < 10; at++)
        for (const change of given)
          if (change.at === at && concerns(change)) expected = change.to ?? expected * change.factor!
      const product = limitSteps(given)
        .filter(concerns)
        .reduce((all, { factor }) => all * factor, 1)
      expect(product).toBe(expected)
    },
  )
})
