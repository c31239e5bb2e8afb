import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type CallGroup, convergenceOf, fairParts, groupsOf, jainIndex, jainOf } from '../../../src/compare/sharing.ts'
import { Trace } from '../../../src/harness/trace.ts'

const size = fc.double({ min: 0, max: 1000, noNaN: true })

describe('Jain’s index', () => {
  test.prop([fc.array(size, { minLength: 1, maxLength: 20 }).filter((values) => values.some((value) => value > 1e-6))])(
    'is 1 ÷ (1 + the squared coefficient of variation)',
    (values) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      expect(jainIndex(values)).toBeCloseTo(1 / (1 + variance / mean ** 2), 9)
    },
  )

  test('is 1 for equal values, and the share of those who get something when the others get nothing', () => {
    expect(jainIndex([3, 3, 3])).toBe(1)
    expect(jainIndex([5, 0, 0, 5])).toBe(0.5)
    expect(jainIndex([0, 0])).toBeNaN()
  })
})

/** The max–min fair parts by filling all cups at once, drop by drop. */
function poured(total: number, demands: readonly number[]): number[] {
  const parts = demands.map(() => 0)
  for (let rest = total; rest > 0; ) {
    const open = parts.flatMap((part, i) => (part < demands[i]! ? [i] : []))
    const drop = Math.min(rest / open.length, ...open.map((i) => demands[i]! - parts[i]!))
    for (const i of open) parts[i]! += drop
    rest -= drop * open.length
    if (drop < 1e-9) break
  }
  return parts
}

describe('fair parts', () => {
  test.prop([fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true })])(
    'are those of cups that are filled together',
    (demands, share) => {
      const total = Math.floor(share * demands.reduce((a, b) => a + b, 0))
      const parts = fairParts(total, demands)
      for (const [i, part] of poured(total, demands).entries()) expect(parts[i]).toBeCloseTo(part, 6)
    },
  )
})

/** A group whose calls all arrive at its start and are admitted one after the other, `every` so many milliseconds. */
function steadily(start: number, every: number, calls: number): CallGroup {
  const admitted = Float64Array.from({ length: calls }, (_, i) => start + i * every)
  return { arrived: new Float64Array(calls).fill(start), admitted, left: admitted, end: admitted.at(-1)! }
}

describe('what groups get', () => {
  test('is even when all are admitted at one rate, also beside one that asks for less and gets it', () => {
    const two = [steadily(0, 100, 3000), steadily(0, 100, 3000)]
    expect(jainOf(two)).toBe(1)
    const arrived = Float64Array.from({ length: 30 }, (_, i) => 10_000 * i)
    const modest = { arrived, admitted: arrived, left: arrived, end: 290_000 }
    expect(jainOf([...two, modest])).toBeCloseTo(1, 9)
  })

  test('is uneven by the rates, not by the lengths of the lines', () => {
    expect(jainOf([steadily(0, 100, 3000), steadily(0, 200, 1500)])).toBeCloseTo(0.9, 9)
    expect(jainOf([steadily(0, 100, 3000), steadily(0, 100, 9000)])).toBe(1)
  })

  test('counts only while all groups are there for a whole window', () => {
    const [long, short] = [steadily(0, 100, 3000), steadily(20_000, 100, 700)]
    expect(jainOf([long, short])).toBe(1)
    expect(jainOf([long, steadily(20_000, 100, 599)])).toBeNaN()
    expect(jainOf([long, { ...steadily(0, 1, 1), arrived: new Float64Array() }])).toBeNaN()
  })

  test('of a newcomer becomes its part when a window has 0.9 of it', () => {
    const old = steadily(0, 100, 9000)
    // It gets one call a second for 100 s, and then as many as the other.
    const slow = [...Array(100).keys()].map((i) => 50_000 + 1000 * i)
    const fast = [...Array(1000).keys()].map((i) => 150_000 + 100 * i)
    const admitted = Float64Array.from([...slow, ...fast])
    const newcomer = { arrived: new Float64Array(1100).fill(50_000), admitted, left: admitted, end: 249_900 }
    // In a window that begins s seconds before the rise the newcomer has s + 10·(60 − s) calls and the other 600: 0.9 of a half with s = 12.
    expect(convergenceOf([old, newcomer], [0, 50_000])).toBe(100_000 - 12_000)
    expect(convergenceOf([old, { ...newcomer, admitted: admitted.slice(0, 100) }], [0, 50_000])).toBe(Infinity)
    expect(convergenceOf([old, steadily(50_000, 100, 1000)], [0, 50_000])).toBe(0)
    expect(convergenceOf([old, newcomer], [0, 0])).toBeNaN()
  })
})

test('the groups of a trace have its calls: admitted, given up or never offered', () => {
  const trace = new Trace(5)
  for (const call of [0, 1, 2]) {
    const attempt = trace.sent(call, 10 * call)
    trace.decided(attempt, 10 * call + 5, call === 2 ? 'rps' : 'admitted', [])
    if (call !== 2) trace.answered(attempt)
    trace.settle(call, 100 + call, call === 2 ? 'throttled' : 'ok')
  }
  trace.settle(3, 400, 'expired')
  const [a, b] = groupsOf(trace, Float64Array.of(0, 10, 20, 30, 40), [1, 0, 1, 1, 0], 2)
  expect(b).toEqual({
    arrived: Float64Array.of(0, 20, 30),
    admitted: Float64Array.of(5),
    left: Float64Array.of(5, 102, 400),
    end: 400,
  })
  expect(a).toEqual({
    arrived: Float64Array.of(10),
    admitted: Float64Array.of(15),
    left: Float64Array.of(15),
    end: 101,
  })
})
