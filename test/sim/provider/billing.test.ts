import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { intl } from '../../../sim/profiles/intl.ts'
import { priceOf, wallet } from '../../../sim/provider/billing.ts'
import type { Usage } from '../../../src/core/call.ts'
import type { AccountSpec } from '../../../src/scenario/accounts.ts'

const account = (options: Partial<AccountSpec> = {}): AccountSpec => ({ name: 'a', keys: ['k'], ...options })
const used = (promptTokens: number, outputTokens: number): Usage => ({ promptTokens, outputTokens })
const row = intl.models['qwen3-max']!

const anyRow = fc.constantFrom(...[intl, cnBeijing].flatMap((profile) => Object.values(profile.models)))
const anyUsage = fc.record({ promptTokens: fc.nat(1_200_000), outputTokens: fc.nat(65_536) })
const anyHistory = fc.array(fc.tuple(fc.constantFrom('qwen3-max', 'qwen-plus'), anyUsage), { maxLength: 30 })

describe('priceOf', () => {
  test.each([
    [32_000, 1.2, 6],
    [32_001, 2.4, 12],
    [128_000, 2.4, 12],
    [128_001, 3, 15],
    [256_000, 3, 15],
    [300_000, 3, 15],
  ])('charges a prompt of %i tokens at $%d and $%d a million', (promptTokens, input, output) => {
    expect(priceOf(row, used(promptTokens, 500))).toBeCloseTo((promptTokens * input + 500 * output) / 1e6, 12)
  })

  test('does not choose the tier by the output', () => {
    expect(priceOf(row, used(0, 64_000))).toBeCloseTo((64_000 * 6) / 1e6, 12)
  })

  property.prop([anyRow, anyUsage])('takes the last tier whose lower end the prompt exceeds', (some, usage) => {
    const lowerEnds = some.prices.map((_, i) => (i === 0 ? -1 : some.prices[i - 1]!.upTo))
    const { input, output } = some.prices[lowerEnds.findLastIndex((end) => usage.promptTokens > end)]!
    expect(priceOf(some, usage)).toBeCloseTo(
      (input / 1e6) * usage.promptTokens + (output / 1e6) * usage.outputTokens,
      9,
    )
  })
})

describe('wallet', () => {
  test('starts without free quota, and bills', () => {
    const money = wallet(account())
    expect(money.state('qwen3-max')).toBe('billed')
    expect(money.settle('qwen3-max', row, used(1000, 1000))).toBeCloseTo(0.0072, 12)
  })

  test('uses the free quota first, and bills only the part of a reply that exceeds it', () => {
    const money = wallet(account({ freeTokens: 3000 }))
    expect(money.settle('qwen3-max', row, used(1000, 1000))).toBe(0)
    expect(money.state('qwen3-max')).toBe('free')
    expect(money.settle('qwen3-max', row, used(1000, 3000))).toBeCloseTo(((1000 * 1.2 + 3000 * 6) / 1e6) * (3 / 4), 12)
    expect(money.state('qwen3-max')).toBe('billed')
  })

  test('has a free quota for each model', () => {
    const money = wallet(account({ freeTokens: 1000 }))
    money.settle('qwen3-max', row, used(1000, 0))
    expect(money.state('qwen3-max')).toBe('billed')
    expect(money.state('qwen-plus')).toBe('free')
  })

  test.each([
    [{}, 'billed'],
    [{ payable: false }, 'unpayable'],
    [{ stopWhenFreeIsUsed: true }, 'stopped'],
    [{ stopWhenFreeIsUsed: true, payable: false }, 'stopped'],
    [{ arrears: true }, 'arrears'],
    [{ arrears: true, freeTokens: 1000 }, 'arrears'],
    [{ freeTokens: 1, payable: false, stopWhenFreeIsUsed: true }, 'free'],
  ] as const)('%j has the standing %s', (options, standing) => {
    expect(wallet(account(options)).state('qwen3-max')).toBe(standing)
  })

  test.each([{ payable: false }, { stopWhenFreeIsUsed: true }])('%j is never billed', (options) => {
    const money = wallet(account({ freeTokens: 100, ...options }))
    expect(money.settle('qwen3-max', row, used(1000, 1000))).toBe(0)
    expect(money.settle('qwen3-max', row, used(1000, 1000))).toBe(0)
    expect(money.state('qwen3-max')).not.toBe('free')
  })

  test.each([-1, 0.5, Number.NaN])('does not accept a free quota of %d', (freeTokens) => {
    expect(() => wallet(account({ freeTokens }))).toThrow('`freeTokens`')
  })

  property.prop([fc.nat(3_000_000), anyHistory])(
    'bills in total the tokens beyond the free quota',
    (freeTokens, history) => {
      const money = wallet(account({ freeTokens }))
      const totals: Record<string, number> = {}
      for (const [model, usage] of history) {
        const before = totals[model] ?? 0
        const after = before + usage.promptTokens + usage.outputTokens
        expect(money.state(model)).toBe(before < freeTokens ? 'free' : 'billed')
        const beyond = Math.max(0, after - freeTokens) - Math.max(0, before - freeTokens)
        const tokenPrice = after === before ? 0 : priceOf(intl.models[model]!, usage) / (after - before)
        expect(money.settle(model, intl.models[model]!, usage)).toBeCloseTo(beyond * tokenPrice, 9)
        totals[model] = after
      }
    },
  )
})
