import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type TenantSummary, tenantRows, tenantSummaries } from '../../../src/compare/tenant-figures.ts'
import { Trace } from '../../../src/harness/trace.ts'

const list = [{ name: 'web', share: 1 }, { name: 'batch', share: 1 }, { name: 'idle' }]
const call = fc.record({ tenant: fc.nat(1), wait: fc.nat(1000), isAnswered: fc.boolean(), attempts: fc.nat(3) })

describe('the figures of tenants in a run', () => {
  test.prop([fc.array(call, { maxLength: 40 })])('are those of their own calls', (calls) => {
    const trace = new Trace(calls.length)
    for (const [id, { isAnswered, attempts }] of calls.entries()) {
      for (let attempt = 0; attempt < attempts; attempt++) trace.sent(id, 0)
      trace.settle(id, 0, isAnswered ? 'ok' : 'expired')
    }
    const waits = Float64Array.from(calls, ({ wait, isAnswered }) => (isAnswered ? wait : Infinity))
    const workload = {
      arrival: new Float64Array(calls.length),
      promptTokens: new Uint32Array(calls.length),
      outputTokens: new Uint32Array(calls.length),
      tenants: { list, of: Uint16Array.from(calls, ({ tenant }) => tenant) },
    }
    const found = tenantSummaries(trace, workload, waits)
    expect(found.map(({ name }) => name)).toEqual(['web', 'batch', 'idle'])
    for (const [tenant, summary] of found.entries()) {
      const own = calls.filter((each) => each.tenant === tenant)
      expect(summary.calls).toBe(own.length)
      expect(summary.answered).toBe(own.filter(({ isAnswered }) => isAnswered).length)
      expect(summary.attempts).toBe(own.reduce((sum, { attempts }) => sum + attempts, 0))
      const ascending = own.map(({ wait, isAnswered }) => (isAnswered ? wait : Infinity)).sort((a, b) => a - b)
      if (own.length === 0) expect(summary.waitP50).toBeNaN()
      else expect(summary.waitP50).toBe(ascending[Math.ceil(own.length / 2) - 1])
    }
  })
})

describe('the figures of tenants over the seeds', () => {
  const seed = (answered: number, waitP95: number): TenantSummary => ({
    name: 'web',
    calls: 10,
    answered,
    attempts: 20,
    waitP50: 1,
    waitP95,
  })

  test('are medians of shares, seed by seed', () => {
    const [row] = tenantRows([[seed(1, 100)], [seed(9, 300)], [seed(5, 200)]])
    expect(row).toMatchObject({ name: 'web', calls: 10, success: { value: 0.5 }, waitP95: { value: 200 } })
    expect(row!.amplification.value).toBe(2)
  })

  test('do not depend on the order of tenants in cells that were changed by hand', () => {
    const batch = { ...seed(3, 50), name: 'batch' }
    const rows = tenantRows([[seed(1, 100), batch], [batch, seed(3, 100)], [batch]])
    expect(rows.map(({ name, success }) => [name, success.value])).toEqual([
      ['web', 0.1],
      ['batch', 0.3],
    ])
  })
})
