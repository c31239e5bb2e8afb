import { describe, expect, test } from 'vitest'
import { perRequest } from '../../../../src/strategies/recommended/charge.ts'
import { Doubt } from '../../../../src/strategies/recommended/doubt.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'
import { UnitMirror } from '../../../../src/strategies/recommended/unit-mirror.ts'

const one = { promptTokens: 1, maxTokens: 1 }

function mirrorOf(windows: readonly number[]): UnitMirror {
  const trips = new RoundTrips()
  return new UnitMirror('requests', perRequest, windows, new Spending('requests', trips), trips, new Doubt())
}

function send(mirror: UnitMirror, now: number): SentAttempt {
  const attempt = new SentAttempt(now, one)
  mirror.send(attempt)
  return attempt
}

describe('a clump of a full window', () => {
  function limitAfter(denials: number): number {
    const mirror = mirrorOf([12_000])
    mirror.caps[0]!.confirm(100)
    const clump = Array.from({ length: 100 }, () => send(mirror, 0))
    for (const attempt of clump.slice(0, denials)) mirror.deny(attempt, 0, 50)
    return mirror.caps[0]!.limit
  }

  test('may have a few denials that delays explain', () => {
    expect(limitAfter(5)).toBe(100)
  })

  test('shows with many that the limit is lower', () => {
    expect(limitAfter(20)).toBeLessThan(90)
  })
})

test('in a test, an extra attempt keeps clear of shorter windows by what the network may differ', () => {
  const mirror = mirrorOf([1000, 5000])
  mirror.caps[1]!.set(1, 0, 0)
  const sent = [0]
  mirror.admit(send(mirror, 0), 0)
  for (let now = 0; sent.length < 3; sent.push(now)) {
    now = mirror.readyAt(one, now)
    mirror.admit(send(mirror, now), now)
  }
  expect(sent[1]).toBeGreaterThanOrEqual(5000)
  expect(sent[2]! - sent[1]!).toBe(1040)
})
