import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import type { Case } from '../../../../src/scenario/scenario.ts'
import type { Tenant } from '../../../../src/scenario/tenants.ts'
import { workloadOf } from '../../../../src/scenario/traffic/workload-of.ts'

const plain: Case = {
  name: 'plain',
  title: 'Plain',
  arrivals: { kind: 'poisson', perSecond: 5, until: 600_000 },
  lengths: { kind: 'shape', shape: 'api' },
  maxTokens: 2048,
  patience: 60_000,
  horizon: 900_000,
}
const web: Tenant = { name: 'web', share: 3 }
const app: Tenant = { name: 'app', share: 1 }
const greedy: Tenant = { name: 'greedy', arrivals: { kind: 'poisson', perSecond: 2, until: 600_000 } }
const traffic = (tenants?: readonly Tenant[], changes: Partial<Case> = {}, seed = 1) =>
  workloadOf({ ...plain, ...(tenants && { tenants }), ...changes }, seeded(seed), undefined)

/** The calls of one tenant: arrival, prompt and answer. */
function callsOf(tenants: readonly Tenant[], name: string, changes: Partial<Case> = {}) {
  const { arrival, promptTokens, outputTokens, tenants: column } = traffic(tenants, changes)
  const own = [...arrival.keys()].filter((call) => column!.list[column!.of[call]!]!.name === name)
  return own.map((call) => [arrival[call], promptTokens[call], outputTokens[call]])
}

describe('tenants with shares', () => {
  test('make the very calls of the case, each its part of them', () => {
    const { tenants, ...columns } = traffic([web, app])
    expect(columns).toEqual(traffic())
    const calls = columns.arrival.length
    const ofWeb = tenants!.of.filter((tenant) => tenant === 0).length
    expect(Math.abs(ofWeb - 0.75 * calls)).toBeLessThan(4 * Math.sqrt(calls * 0.75 * 0.25))
  })

  test('one without a share makes none of them', () => {
    expect(callsOf([{ name: 'none' }, web, { name: 'last', share: 0 }], 'web')).toHaveLength(traffic().arrival.length)
  })

  test('the turns of a conversation are one tenant’s', () => {
    const arrivals = {
      kind: 'sessions',
      perSecond: 0.1,
      turns: 4,
      pause: 10_000,
      context: 1_000_000,
      until: 600_000,
    } as const
    const lengths = (prompt: number) => ({ kind: 'fixed', prompt, output: 0 }) as const
    const tenants = [
      { ...web, lengths: lengths(1000) },
      { ...app, lengths: lengths(1001) },
    ]
    const { promptTokens, tenants: column } = traffic(tenants, { arrivals })
    for (const [call, tokens] of promptTokens.entries()) expect(tokens % (1000 + column!.of[call]!)).toBe(0)
  })
})

describe('tenants with arrivals', () => {
  test.prop([fc.array(fc.constantFrom(web, app, { ...greedy, name: 'other' }), { maxLength: 3 })])(
    'make the same calls whoever is there besides them',
    (others) => {
      const names = new Set<string>()
      const distinct = others.filter(({ name }) => !names.has(name) && names.add(name))
      expect(callsOf([{ name: 'base', share: 1 }, ...distinct, greedy], 'greedy')).toEqual(
        callsOf([{ name: 'base', share: 1 }, greedy], 'greedy'),
      )
    },
  )

  test('draw from streams of their own, although they are described alike', () => {
    const tenants = [web, greedy, { ...greedy, name: 'other' }]
    expect(callsOf(tenants, 'other')).not.toEqual(callsOf(tenants, 'greedy'))
  })

  test('leave the calls of the others as they are', () => {
    expect(callsOf([web, app, greedy], 'web')).toEqual(callsOf([web, app], 'web'))
  })

  test('have the given rate, in one order with all others', () => {
    const calls = callsOf([web, greedy], 'greedy').length
    expect(Math.abs(calls - 1200)).toBeLessThan(4 * Math.sqrt(1200))
    const { arrival } = traffic([web, greedy])
    expect(arrival.every((at, call) => at >= (arrival[call - 1] ?? 0))).toBe(true)
  })
})
