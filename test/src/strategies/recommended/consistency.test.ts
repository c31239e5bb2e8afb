import { expect, test } from 'vitest'
import { asSpent, reserved } from '../../../../src/strategies/recommended/charge.ts'
import { Consistency } from '../../../../src/strategies/recommended/consistency.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

/** Calls with prompts of 100 to 900 tokens and up to 5,000 of output against a limit of 12,000 reserved tokens in 10 s. */
function afterDenials(denials: number): readonly (number | undefined)[] {
  const ways = [asSpent, reserved].map((charge) => {
    const spending = new Spending('tokens', new RoundTrips())
    return { charge, spending, consistency: new Consistency([1000, 10_000], spending) }
  })
  const { spending: truth } = ways[1]!
  let denied = 0
  for (let n = 0, now = 0; denied < denials; n++, now += 700) {
    const asked = { promptTokens: 100 + ((n * 37) % 9) * 100, maxTokens: n % 5 === 0 ? 100 : 5000 }
    const isDenied = truth.counted.sum(now, 10_000) + reserved.atSend(asked) > 12_000
    for (const { charge, spending, consistency } of ways) {
      const cost = charge.atSend(asked)
      if (isDenied) consistency.deny(now, cost, now - 700)
      else spending.add(now, cost)
    }
    if (isDenied) denied++
  }
  return ways.map(({ consistency }) => consistency.share)
}

test('says nothing before the third denial', () => {
  expect(afterDenials(2)).toEqual([undefined, undefined])
})

test('is 1 for the way in which the provider counts, and less for another', () => {
  const [spent, all] = afterDenials(40)
  expect(all).toBe(1)
  expect(spent).toBeLessThan(0.8)
})
