import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { limitsText, readLimits, statedLimitsShape } from '../../../src/scenario/limit-text.ts'

const codingPlan = [
  { rule: 'plan-hour', limit: 6000, window: 18_000_000 },
  { rule: 'plan-week', limit: 45_000, window: 604_800_000 },
  { rule: 'plan-month', limit: 90_000, window: 2_678_400_000 },
]

describe('a text of limits', () => {
  test.each([
    ['rpm:60', [{ rule: 'rpm', limit: 60, window: 60_000 }]],
    ['rps:10', [{ rule: 'rps', limit: 10, window: 1000 }]],
    ['rps:10/1s', [{ rule: 'rps', limit: 10, window: 1000 }]],
    [
      'tps:5,tpm:100000',
      [
        { rule: 'tps', limit: 5, window: 1000 },
        { rule: 'tpm', limit: 100_000, window: 60_000 },
      ],
    ],
    ['requests:500/6s', [{ rule: 'rps', limit: 500, window: 6000 }]],
    ['requests:500/500ms', [{ rule: 'rps', limit: 500, window: 500 }]],
    ['tokens:100/1m', [{ rule: 'tpm', limit: 100, window: 60_000 }]],
    ['tokens:100/h', [{ rule: 'tpm', limit: 100, window: 3_600_000 }]],
    ['requests:45000/7d', [{ rule: 'rpm', limit: 45_000, window: 604_800_000 }]],
    ['rpm:9/2min', [{ rule: 'rpm', limit: 9, window: 120_000 }]],
    ['soft-tpm:5000000', [{ rule: 'tpm', limit: 5_000_000, window: 60_000, soft: true }]],
    [
      'rps:9,soft-tokens:500000/6s',
      [
        { rule: 'rps', limit: 9, window: 1000 },
        { rule: 'tps', limit: 500_000, window: 6000, soft: true },
      ],
    ],
    ['coding-plan', codingPlan],
    ['rpm:9, coding-plan', [{ rule: 'rpm', limit: 9, window: 60_000 }, ...codingPlan]],
    ['plan-hour:7/2h', [{ rule: 'plan-hour', limit: 7, window: 7_200_000 }]],
    ['none', []],
  ])('%s is read', (text, limits) => {
    expect(readLimits('x', text)).toEqual({ limits })
  })

  test.each([
    ['plan-week:6/3d', 'Expected `x[0].window` to be 604800000, the window of plan-week, got 259200000'],
    [
      'codng-plan',
      'Expected `x` to be limits such as rpm:60,tpm:100000 or requests:500/6s, or none, got "codng-plan"; did you mean coding-plan?',
    ],
    ['coding-plan,plan-week:7', 'Expected `x[3]` to differ from `x[1]`, got "plan-week in 604800000 ms" twice'],
    [
      'soft-rmp:6',
      'Expected `x` to limit one of rps, rpm, tps, tpm, requests, tokens, plan-hour, plan-week, plan-month, got "rmp"; did you mean rpm?',
    ],
    [
      'soft-:6',
      'Expected `x` to limit one of rps, rpm, tps, tpm, requests, tokens, plan-hour, plan-week, plan-month, got ""',
    ],
    ['tpm:7,soft-tpm:9', 'Expected `x[1]` to differ from `x[0]`, got "tpm in 60000 ms" twice'],
    ['rpm:-1', 'Expected `x rpm` to be a whole number > 0, got "-1"'],
    ['rpm:1.5', 'Expected `x rpm` to be a whole number > 0, got "1.5"'],
    ['rpm:', 'Expected `x rpm` to be a whole number > 0, got ""'],
    ['rpm:1e99', 'Expected `x rpm` to be a whole number > 0, got "1e99"'],
    [
      'rmp:60',
      'Expected `x` to limit one of rps, rpm, tps, tpm, requests, tokens, plan-hour, plan-week, plan-month, got "rmp"; did you mean rpm?',
    ],
    [
      'toString:6',
      'Expected `x` to limit one of rps, rpm, tps, tpm, requests, tokens, plan-hour, plan-week, plan-month, got "toString"',
    ],
    ['requests:5', 'Expected `x requests` to have a window such as 1s, 6s, 500ms or 1m after a slash, got none'],
    ['requests:5/6', 'Expected `x requests` to have a window such as 1s, 6s, 500ms or 1m after a slash, got "6"'],
    ['rps:5/0s', 'Expected `x rps` to have a window such as 1s, 6s, 500ms or 1m after a slash, got "0s"'],
    [
      'rps:5/2m',
      'Expected `x rps` to have a window shorter than a minute, got "2m"; write requests:5/2m for any window',
    ],
    ['tpm:5/2s', 'Expected `x tpm` to have a window of a minute or longer, got "2s"; write tokens:5/2s for any window'],
    ['60', 'Expected `x` to be limits such as rpm:60,tpm:100000 or requests:500/6s, or none, got "60"'],
    ['', 'Expected `x` to be limits such as rpm:60,tpm:100000 or requests:500/6s, or none, got ""'],
  ])('%j has a problem', (text, problem) => {
    expect(readLimits('x', text)).toEqual({ problems: [problem] })
  })

  test('with several problems reports each of them', () => {
    expect(readLimits('x', 'rpm:0,tpm:7,foo:1')).toEqual({ problems: [expect.any(String), expect.any(String)] })
  })

  test.each([7, null, { rpm: 60 }])('is no %j, and neither is a list', (value) => {
    expect(statedLimitsShape('x', value)).toEqual([
      expect.stringMatching(/^Expected `x` to be a list of limits or a text such as rpm:60,tpm:100000, got /),
    ])
  })

  const amount = fc.integer({ min: 1, max: 2 ** 40 })
  property.prop([fc.constantFrom('requests', 'tokens'), amount, fc.integer({ min: 1, max: 100_000_000 })])(
    'may have any window in milliseconds; a window shorter than a minute has the rule rps or tps',
    (counts, limit, window) => {
      const rule = `${counts === 'requests' ? 'rp' : 'tp'}${window < 60_000 ? 's' : 'm'}`
      expect(readLimits('x', `${counts}:${limit}/${window}ms`)).toEqual({ limits: [{ rule, limit, window }] })
    },
  )
})

test.each([
  [{ rule: 'rpm', limit: 1_000_000, window: 60_000 }, 'RPM 1,000,000'],
  [{ rule: 'rps', limit: 500, window: 6000 }, '500 requests/6 s'],
  [{ rule: 'tpm', limit: 5_000_000, window: 60_000, soft: true }, 'soft TPM 5,000,000'],
  [{ rule: 'plan-week', limit: 45_000, window: 604_800_000 }, 'PLAN-WEEK 45,000'],
  [{ rule: 'plan-hour', limit: 7, window: 7_200_000 }, 'PLAN-HOUR 7/120 min'],
  [{ rule: 'tpm', limit: 7, window: 120_000 }, '7 tokens/2 min'],
  [{ rule: 'tps', limit: 7, window: 500 }, '7 tokens/0.5 s'],
] as const)('%j is shown as %s', (limit, text) => {
  expect(limitsText(limit)).toBe(text)
})
