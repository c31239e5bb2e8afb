import { describe, expect, test } from 'vitest'
import { type GatewayFlags, readGatewayFlags } from '../../../cli/gateway/flags.ts'

const read = (flags: Partial<GatewayFlags>) => readGatewayFlags({ upstreamKey: [], modelLimit: [], ...flags })
const upstream = 'https://example.com/v1'

describe('flags of the gateway', () => {
  test('have defaults: a mock with three accounts, all of which a request may try', () => {
    expect(read({})).toEqual({
      problems: [],
      config: {
        spec: { balance: 'least-busy', failover: 2, hopDelay: 0, priceFactor: 1 },
        upstream: { kind: 'mock', accounts: 3, profile: 'intl', limits: {}, speed: 1 },
        seed: 1,
        port: 8421,
        host: '127.0.0.1',
        accessLog: false,
      },
    })
  })

  test('can give the URL of a service, the keys of its accounts and the options of the gateway', () => {
    const { config, problems } = read({
      upstream,
      upstreamKey: ['k1', 'k2'],
      customerLimit: 'rpm:60',
      outages: '10m/30s',
      priceFactor: '0.88',
    })
    expect(problems).toEqual([])
    expect(config.upstream).toEqual({
      kind: 'upstream',
      accounts: [
        { baseUrl: upstream, key: 'k1' },
        { baseUrl: upstream, key: 'k2' },
      ],
    })
    expect(config.spec).toMatchObject({
      failover: 1,
      priceFactor: 0.88,
      customerLimits: [{ rule: 'rpm', limit: 60, window: 60_000 }],
      outages: { meanUp: 600_000, meanDown: 30_000 },
    })
  })

  test.each<[Partial<GatewayFlags>, RegExp]>([
    [{ accounts: '0' }, /`--accounts`.*got 0/],
    [{ upstream: 'example.com', upstreamKey: ['k'] }, /`--upstream` to be an address .*, got "example\.com"/],
    [{ upstream: 'file:///etc', upstreamKey: ['k'] }, /`--upstream` to be an address/],
    [{ upstream }, /`--upstream-key` to be the key of an account/],
    [{ upstream, upstreamKey: ['k', 'k'] }, /a different key each time/],
    [{ upstreamKey: ['k'] }, /`--upstream-key` to come with --upstream/],
    [{ upstream, upstreamKey: ['k'], accounts: '3' }, /`--accounts` only without --upstream/],
    [
      { balance: 'most-busy' },
      /`--balance` to be one of round-robin, least-busy, got "most-busy"; did you mean least-busy\?/,
    ],
    [{ failover: '-1' }, /`--failover`/],
    [{ speed: '0' }, /`--speed` to be > 0, got 0: a gateway cannot start a paused mock again/],
    [{ upstream, upstreamKey: ['k', 'к', 'k 2'] }, /`--upstream-key`.*without spaces/],
    [{ customerLimit: 'rpm' }, /`--customer-limit` to be limits such as/],
    [{ hopDelay: '-1' }, /`--hop-delay`/],
    [{ priceFactor: 'cheap' }, /`--price-factor`.*got "cheap"/],
    [{ outages: '10m' }, /`--outages` to be mean time up\/mean time down, such as 10m\/30s, got "10m"/],
    [{ outages: '1m/1m/1m' }, /`--outages`/],
  ])('%j has one problem', (flags, problem) => {
    expect(read(flags).problems).toEqual([expect.stringMatching(problem)])
  })

  test('have problems that never quote a key', () => {
    expect(read({ upstream: 'x', upstreamKey: ['sk-secret', 'sk-secret', ' '] }).problems.join()).not.toContain(
      'secret',
    )
  })
})
