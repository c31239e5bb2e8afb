import { describe, expect, test } from 'vitest'
import { Growth } from '../../../../src/strategies/recommended/growth.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'

/** Sends as many attempts at an instant as pass, and returns them. */
function flood(growth: Growth, now: number, most = 1000): SentAttempt[] {
  const sent: SentAttempt[] = []
  while (sent.length < most && growth.readyAt(sent.length, now) <= now) {
    const attempt = new SentAttempt(now, { promptTokens: 0, maxTokens: 0 })
    growth.send(attempt)
    sent.push(attempt)
  }
  return sent
}

function admitAll(growth: Growth, attempts: readonly SentAttempt[]): void {
  for (const attempt of attempts) growth.admit(attempt)
}

describe('before the first denial', () => {
  test('the attempts without a sign double from round to round', () => {
    const growth = new Growth()
    const rounds = [0, 300, 600, 900].map((now) => {
      const sent = flood(growth, now)
      admitAll(growth, sent)
      return sent.length
    })
    expect(rounds).toEqual([2, 2, 4, 8])
  })

  test('a denial by a limit ends that', () => {
    const growth = new Growth()
    flood(growth, 0)
    growth.limited()
    expect(flood(growth, 1)).toHaveLength(1000)
  })
})

describe('after a denial by the guard', () => {
  function guarded(): Growth {
    const growth = new Growth()
    for (const now of [0, 300, 600]) admitAll(growth, flood(growth, now))
    growth.guarded(flood(growth, 900, 1)[0]!, 1000)
    return growth
  }

  test('one attempt probes after half a second, and later each time', () => {
    const growth = guarded()
    expect(growth.readyAt(0, 1000)).toBe(1500)
    const [probe] = flood(growth, 1500)
    expect(growth.readyAt(1, 1500)).toBe(Infinity)
    growth.guarded(probe!, 1600)
    expect(growth.readyAt(0, 1600)).toBe(2350)
  })

  test('an admitted probe lets as many follow as were admitted before, and a quarter of them without a sign', () => {
    const growth = guarded()
    const [probe] = flood(growth, 1500)
    growth.admit(probe!)
    // Eight had been admitted: the probe and seven at once.
    expect(flood(growth, 1600)).toHaveLength(7)
    expect(growth.readyAt(1, 1700)).toBe(1700)
    expect(growth.readyAt(2, 1700)).toBe(Infinity)
  })

  test('a probe whose end is not known is replaced', () => {
    const growth = guarded()
    const [probe] = flood(growth, 1500)
    growth.lose(probe!)
    expect(growth.readyAt(0, 1600)).toBe(1600)
  })
})
