import { expect, test } from 'vitest'
import { asSpent, perRequest, reserved } from '../../../../src/strategies/recommended/charge.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

test.each([
  ['perRequest', perRequest, [1, 0]],
  ['asSpent', asSpent, [100, 40]],
  ['reserved', reserved, [140, 0]],
])('%s counts what an attempt takes, when it is sent and when its reply comes', (_name, charge, [atSend, atEnd]) => {
  const attempt = { promptTokens: 100, maxTokens: 1000, sentAt: 5000 }
  const spending = new Spending('tokens', new RoundTrips())
  spending.add(5000, charge.atSend(attempt))
  charge.atEnd(spending, attempt, 40, 9000)
  expect(spending.counted.sum(5000, 1)).toBe(atSend)
  expect(spending.counted.sum(9000, 1)).toBe(atEnd)
})
