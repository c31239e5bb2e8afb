import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Doubt } from '../../../../src/strategies/recommended/doubt.ts'

function doubtAfter(verdicts: readonly boolean[], isProbe = false): Doubt {
  const doubt = new Doubt()
  for (const isExplained of verdicts) doubt.judge(isExplained, isProbe)
  return doubt
}

test('three denials in a row that nothing explains are too many, and two are not', () => {
  expect(doubtAfter([false, false]).isDeep).toBe(false)
  expect(doubtAfter([false, false, false]).isDeep).toBe(true)
})

test('a search may have some denied probes', () => {
  expect(doubtAfter(Array(10).fill(false), true).isDeep).toBe(false)
  expect(doubtAfter(Array(20).fill(false), true).isDeep).toBe(true)
})

test.prop([fc.array(fc.boolean(), { maxLength: 60 })])(
  'is the share of what was not explained, in which each denial weighs 7/8 of the next one',
  (verdicts) => {
    const weights = verdicts.map((_, i) => 0.125 * 0.875 ** (verdicts.length - 1 - i))
    const share = verdicts.reduce((sum, isExplained, i) => sum + (isExplained ? 0 : weights[i]!), 0)
    expect(doubtAfter(verdicts).unexplained).toBeCloseTo(share, 10)
  },
)
