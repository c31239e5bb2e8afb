import { expect, test } from 'vitest'
import type { Unit } from '../../../../src/core/limit.ts'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'
import { FreeRejects } from '../../../../src/strategies/recommended/free-rejects.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

/** Ten of a limit of ten were denied; then so many attempts are admitted that fit in only if those do not count. */
function afterTests(unit: Unit, tests: number): { rejects: FreeRejects; cap: Cap } {
  const trips = new RoundTrips()
  const spending = new Spending(unit, trips)
  const cap = new Cap(unit, 5000)
  cap.confirm(10)
  const rejects = new FreeRejects(unit, [cap], spending, trips)
  spending.add(0, 10)
  spending.reject(0, 10)
  for (let i = 1; i <= tests; i++) {
    const attempt = new SentAttempt(i, { promptTokens: 1, maxTokens: 1 })
    spending.add(i, 1)
    rejects.send(attempt)
    rejects.end(attempt, 'admitted')
  }
  return { rejects, cap }
}

test('rejects are free after four tests, and a known limit may be tested before', () => {
  for (const [tests, areFree] of [
    [3, false],
    [4, true],
  ] as const) {
    const { rejects, cap } = afterTests('requests', tests)
    expect([rejects.areFree, rejects.mayBeOmitted(cap)]).toEqual([areFree, true])
  }
})

test('a limit that no trial has confirmed says nothing of rejects', () => {
  const { rejects, cap } = afterTests('requests', 3)
  cap.failures = 0
  expect(rejects.mayBeOmitted(cap)).toBe(false)
})

test('tokens are never tested', () => {
  const { rejects, cap } = afterTests('tokens', 8)
  expect([rejects.areFree, rejects.mayBeOmitted(cap)]).toEqual([false, false])
})
