import { describe, expect, test } from 'vitest'
import { tenantProblems } from '../../../src/scenario/tenants.ts'

const poisson = { kind: 'poisson', perSecond: 1, until: 60_000 }

describe('tenantProblems', () => {
  test('accepts shares, arrivals, lengths and priorities', () => {
    const tenants = [
      { name: 'web', share: 2.5, priority: -1, lengths: { kind: 'shape', shape: 'chat' } },
      { name: 'batch', arrivals: poisson },
    ]
    expect(tenantProblems('t', tenants)).toEqual([])
  })

  test.each<[string, unknown, readonly string[]]>([
    ['no list', { web: 1 }, ['Expected `t` to be a list, got an object']],
    ['nobody', [], ['Expected `t` to have at least one item, got none']],
    [
      'two of one name',
      [
        { name: 'web', share: 1 },
        { name: 'web', share: 1 },
      ],
      ['Expected `t[1].name` to differ from `t[0].name`, got "web" twice'],
    ],
    [
      'nobody who makes the case’s calls',
      [{ name: 'web' }, { name: 'batch', arrivals: poisson, share: 0 }],
      ["Expected `t` to have a tenant whose `share` is > 0, who makes the calls of the case's `arrivals`, got none"],
    ],
    ['a share below 0', [{ name: 'web', share: -1 }], ['Expected `t[0].share` to be >= 0 and <= 1000000, got -1']],
    [
      'a share that is no number',
      [{ name: 'web', share: Number.NaN }],
      ['Expected `t[0].share` to be a finite number'],
    ],
    ['a huge share', [{ name: 'web', share: 1e300 }], ['Expected `t[0].share` to be >= 0 and <= 1000000, got 1e+300']],
    [
      'arrivals that wait for replies',
      [{ name: 'web', share: 1, arrivals: { kind: 'closed', workers: 1, calls: 1, think: 0 } }],
      ['Expected `t[0].arrivals.kind` to be one of at-once, poisson, gamma'],
    ],
    ['a misspelled field', [{ name: 'web', shares: 1 }], ['Expected `t[0]` to have no fields but']],
  ])('refuses %s', (_what, tenants, problems) => {
    const found = tenantProblems('t', tenants)
    expect(found).toHaveLength(problems.length)
    for (const [i, problem] of problems.entries()) expect(found[i]).toContain(problem)
  })
})
