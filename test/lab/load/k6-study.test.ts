import { describe, expect, test } from 'vitest'
import { k6Result } from '../../../lab/load/k6-study.ts'
import type { SentCalls } from '../../../lab/load/sent-calls.ts'

const run = {
  strategy: 'retry-pace',
  model: 'qwen3-max',
  profile: 'article',
  speed: 10,
  address: 'http://x/v1',
  seed: 1,
  calls: 3,
}
const ok = { outcome: 'ok', promptTokens: 528, outputTokens: 100 } as const
const sent: SentCalls = {
  calls: [
    { ...ok, settledAt: 3000 },
    { ...ok, settledAt: 4000 },
    { ...ok, settledAt: 900, outcome: 'failed', outputTokens: 0 },
  ],
  attempts: [
    { call: 0, sentAt: 5, verdict: 'admitted' },
    { call: 1, sentAt: 6, verdict: 'burst' },
    { call: 2, sentAt: 7, verdict: 'refused' },
    { call: 1, sentAt: 1500, verdict: 'admitted' },
  ],
}

describe('the result of calls that k6 sent', () => {
  test('has one cell, with the optimum of the mock', () => {
    const { study, cells, comparison } = k6Result(run, JSON.stringify(sent))
    expect(study.scenario.name).toBe('k6-burst')
    expect(study.wire).toEqual({ address: 'http://x/v1', speed: 10, limits: 'mock', warnings: [] })
    const { summary, optimum } = cells[0]!
    expect(summary.outcomes).toMatchObject({ ok: 2, failed: 1 })
    expect(summary.attempts).toBe(4)
    expect(summary.denials.burst).toBe(1)
    expect(summary.metrics).toMatchObject({ makespan: 4000, waitP50: 1500, peakInFlight: 2 })
    expect(optimum.reachable).toBe(3)
    expect(comparison.cases[0]!.rows[0]!.id).toBe('retry-pace')
  })

  test.each([
    ['{}', /Expected `calls\.calls`/],
    [
      JSON.stringify({ ...sent, attempts: [{ call: 0, sentAt: -1, verdict: 'admitted' }] }),
      /`calls\.attempts\[0\]\.sentAt`/,
    ],
  ])('is refused for %s', (text, message) => {
    expect(() => k6Result(run, text)).toThrow(message)
  })
})
