import { describe, expect, test } from 'vitest'
import { throttleAlways } from '../../../contracts/provider-script.ts'
import { callsAtOnce, strategyRig } from '../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../src/core/limit.ts'
import type { Strategy } from '../../../src/core/strategy.ts'
import { articleBackoff } from '../../../src/strategies/article/backoff.ts'
import { articleProxyClient } from '../../../src/strategies/article/proxy-client.ts'
import { articleQueue } from '../../../src/strategies/article/queue.ts'
import { expectLimits, expectList } from '../../../src/strategies/bounds.ts'
import { bucket } from '../../../src/strategies/pacing/bucket.ts'
import { cookbook } from '../../../src/strategies/pacing/cookbook.ts'
import { dualBucket } from '../../../src/strategies/pacing/dual-bucket.ts'
import { gcra } from '../../../src/strategies/pacing/gcra.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { queue } from '../../../src/strategies/pacing/queue.ts'
import { windowMirror } from '../../../src/strategies/pacing/window-mirror.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { rotation } from '../../../src/strategies/targets/rotation.ts'
import { priority } from '../../../src/strategies/tenants/priority.ts'
import { vtc } from '../../../src/strategies/tenants/vtc.ts'

const proxy = { endpoint: 'https://proxy', key: 'proxied' }
const keys = ['a', 'b']

describe('what no clock could count is refused where it is given', () => {
  test.each<[string, () => Strategy, string]>([
    ['a subnormal pace', () => pace({ perSecond: 1e-310 }), '`perSecond` to be >= 0.000001, got 1e-310'],
    ['a pace of one in years', () => pace({ perSecond: 1e-12 }), '`perSecond` to be >= 0.000001, got 1e-12'],
    ['a subnormal queue', () => queue({ rpm: 5e-324 }), '`rpm` to be >= 0.00006, got 5e-324'],
    ['the article’s queue, subnormal', () => articleQueue({ rpm: 1e-310 }), '`rpm` to be >= 0.00006, got 1e-310'],
    ['too long a backoff', () => retry({ cap: 2e12 }), '`cap` to be <= 1000000000000, got 2000000000000'],
    ['too long a backoff of rounds', () => rotation({ keys, cap: 2e12 }), '`cap` to be <= 1000000000000'],
    ['too many doublings', () => articleBackoff({ attempts: 32 }), '`attempts` to be >= 1 and <= 31, got 32'],
    ['too many of the proxy’s', () => articleProxyClient({ ...proxy, attempts: 1100 }), 'and <= 31, got 1100'],
    ['no number', () => pace({ perSecond: Number.NaN }), '`perSecond` to be a finite number > 0, got NaN'],
  ])('%s', (_what, build, message) => {
    expect(build).toThrow(RangeError)
    expect(build).toThrow(message)
  })
})

const rarest: Limit[] = [{ rule: 'rpm', limit: 1, window: 1e9 }]
const fewestTokens: Limit[] = [{ rule: 'tpm', limit: 1, window: 1e9 }]

describe('the most that may be asked for keeps to instants that a clock can count, even without a deadline', () => {
  test.each<[string, () => Strategy]>([
    ['pace', () => pace({ perSecond: 1e-6 })],
    ['a pace without bound', () => pace({ perSecond: 1e308 })],
    ['bucket', () => bucket({ limits: rarest, burst: 1, share: 0.01 })],
    ['gcra', () => gcra({ limits: rarest, tolerance: 1e9, share: 0.01 })],
    ['dualBucket', () => dualBucket({ limits: [...rarest, ...fewestTokens], share: 0.01 })],
    ['windowMirror', () => windowMirror({ limits: [...rarest, ...fewestTokens], pad: 1e9 })],
    ['a mirror without bound', () => windowMirror({ limits: [{ rule: 'tpm', limit: 2 ** 53 - 1, window: 1 }] })],
    ['cookbook', () => cookbook({ rpm: 6e-5, tpm: 6e-5, pause: 1e12 })],
    ['priority', () => priority({ perSecond: 1e-6, aging: 1e12 })],
    ['vtc', () => vtc({ perSecond: 1e-6, promptWeight: 1e6 })],
    ['queue', () => queue({ rpm: 6e-5 })],
    ['a queue without bound', () => queue({ rpm: 1e308 })],
    ['articleQueue', () => articleQueue({ rpm: 6e-5 })],
    ['retry', () => retry({ base: 1e12, cap: 1e12 })],
    ['a backoff that has doubled beyond all numbers', () => retry({ attempts: 1200, base: 1, cap: 2, jitter: 'none' })],
    ['rotation', () => rotation({ keys, base: 1e12, cap: 1e12 })],
    ['articleBackoff', () => articleBackoff({ attempts: 31 })],
    ['articleProxyClient', () => articleProxyClient({ ...proxy, attempts: 31 })],
  ])('%s', async (_what, build) => {
    const outcomes = await strategyRig({ strategy: build(), script: throttleAlways }).run(callsAtOnce(20))
    expect(outcomes.map(({ error }) => error)).toEqual(Array(20).fill(undefined))
  })
})

describe('a list of alternatives', () => {
  test('copies the list, so that later changes to it change nothing', () => {
    const keys = ['a', 'b']
    const checked = expectList('keys', keys)
    keys.push('c')
    expect(checked).toEqual(['a', 'b'])
  })

  test.each([
    [[], 'an empty list'],
    [['secret', ''], 'a list with something else in it'],
    [['secret', 7], 'a list with something else in it'],
    ['secret'.length, '6'],
    [undefined, 'undefined'],
  ])('%j is refused, without quoting a key', (value, got) => {
    expect(() => expectList('keys', value as string[])).toThrow(
      `Expected \`keys\` to be a list of one or more non-empty strings, got ${got}`,
    )
  })
})

describe('a list of limits', () => {
  const rps = { rule: 'rps', limit: 10, window: 1000 } as const
  const tpm = { rule: 'tpm', limit: 1000, window: 60_000 } as const

  test('gives the limits of one unit, or all', () => {
    expect(expectLimits('limits', [rps, tpm], 'tokens')).toEqual([tpm])
    expect(expectLimits('limits', [rps, tpm], 'requests')).toEqual([rps])
    expect(expectLimits('limits', [rps, tpm])).toEqual([rps, tpm])
  })

  test.each<[unknown, string]>([
    [undefined, '`limits` to be a list of one or more limits, got undefined'],
    [rps, '`limits` to be a list of one or more limits, got an object'],
    [[], '`limits` to be a list of one or more limits, got an empty list'],
    [[rps, undefined], '`limits[1]` to be a limit, got undefined'],
    [
      [{ ...rps, rule: 'rpd' }],
      '`limits[0].rule` to be one of rps, rpm, tps, tpm, plan-hour, plan-week, plan-month, got "rpd"',
    ],
    [[rps, { ...rps, limit: 0 }], '`limits[1].limit` to be >= 1, got 0'],
    [[{ ...rps, limit: 1.5 }], '`limits[0].limit` to be a whole number >= 1, got 1.5'],
    [[{ ...rps, window: 0 }], '`limits[0].window` to be >= 1 and <= 31622400000, got 0'],
    [[{ ...rps, limit: 1, window: 2e9 }], '`limits[0].limit` to be >= 2, got 1'],
  ])('%j is refused', (value, message) => {
    expect(() => expectLimits('limits', value as Limit[])).toThrow(`Expected ${message}`)
  })

  test('without a limit of the unit is refused', () => {
    expect(() => expectLimits('limits', [rps], 'tokens')).toThrow('a list of one or more limits of tokens, got none')
  })
})
