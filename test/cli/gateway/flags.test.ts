import { describe, expect, test } from 'vitest'
import { type GatewayFlags, readGatewayFlags } from '../../../cli/gateway/flags.ts'

const keys = (...texts: readonly string[]) => texts.map((text) => ({ place: '--upstream-key', text }))
const customers = (...texts: readonly string[]) => texts.map((text) => ({ place: '--customer', text }))
const read = (flags: Partial<GatewayFlags>) =>
  readGatewayFlags({ upstreamKey: [], customer: [], modelLimit: [], ...flags })
const upstream = 'https://example.com/v1'

describe('flags of the gateway', () => {
  test('have defaults: a mock with three accounts, all of which a request may try', () => {
    expect(read({})).toEqual({
      problems: [],
      config: {
        spec: {
          balance: 'least-busy',
          failover: 2,
          hopDelay: 0,
          priceFactor: 1,
          timeouts: { firstByte: 120_000, idle: 60_000, total: 600_000 },
        },
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
      upstreamKey: keys('k1', 'k2'),
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
      connectTimeout: 10_000,
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
    [{ upstream: 'example.com', upstreamKey: keys('k') }, /`--upstream` to be an address .*, got "example\.com"/],
    [{ upstream: 'file:///etc', upstreamKey: keys('k') }, /`--upstream` to be an address/],
    [{ upstream: '0123456789abcdef', upstreamKey: keys('k') }, /got a text .* that may be a key, which is not shown/],
    [{ upstream }, /`--upstream-key` to be the key of an account/],
    [
      { upstream, upstreamKey: [...keys('k'), { place: '--upstream-key-file (line 2)', text: 'k' }] },
      /`--upstream-key-file \(line 2\)` to be a different key each time/,
    ],
    [{ upstreamKey: keys('k') }, /`--upstream-key` to come with --upstream/],
    [{ upstream, upstreamKey: keys('k'), accounts: '3' }, /`--accounts` only without --upstream/],
    [
      { balance: 'most-busy' },
      /`--balance` to be one of round-robin, least-busy, got "most-busy"; did you mean least-busy\?/,
    ],
    [{ failover: '-1' }, /`--failover`/],
    [{ speed: '0' }, /`--speed` to be > 0, got 0: a gateway cannot start a paused mock again/],
    [{ upstream, upstreamKey: keys('k', 'к', 'k 2') }, /`--upstream-key`.*without spaces/],
    [{ customerLimit: 'rpm:9,soft-rps:1' }, /`--customer-limit\[1\]` not to be soft/],
    [{ customerLimit: 'rpm' }, /`--customer-limit` to be limits such as/],
    [{ hopDelay: '-1' }, /`--hop-delay`/],
    [{ priceFactor: 'cheap' }, /`--price-factor`.*got "cheap"/],
    [{ outages: '10m' }, /`--outages` to be mean time up\/mean time down, such as 10m\/30s, got "10m"/],
    [{ outages: '1m/1m/1m' }, /`--outages`/],
    [{ host: '0.0.0.0' }, /`--host` to be an address that only this machine reaches.*add `--customer name=key`/],
    [{ host: '::' }, /`--host` to be an address that only this machine reaches/],
    [{ host: '' }, /`--host`/],
    [{ customer: customers('ada=') }, /`--customer` to be a key, or name=key,key/],
    [{ customer: customers('ada=sk-secret,') }, /`--customer` to be a key/],
    [{ customer: customers('sk-secret==') }, /`--customer` to be a key/],
    [{ customer: customers('ada=sk secret') }, /`customers ada` to be visible ASCII/],
    [{ customer: customers('ada=sk-secret', 'bob=sk-secret') }, /to belong to one customer, got one twice/],
    [{ idleTimeout: '5' }, /`--idle-timeout` to be a length of time such as 500ms, 10s or 2m, got "5"/],
    [{ connectTimeout: '5s' }, /`--connect-timeout` to come with --upstream/],
    [
      { upstream: 'https://u:sk-secret@example.com/v1', upstreamKey: keys('k') },
      /`--upstream`.*which is not shown here/,
    ],
    [
      { upstream: 'https://:sk-secret@example.com/v1', upstreamKey: keys('k') },
      /`--upstream`.*which is not shown here/,
    ],
    [{ upstream: 'https://example.com/v1?key=sk-secret', upstreamKey: keys('k') }, /which is not shown here/],
    [{ upstream: 'https://example.com/v1#sk-secret', upstreamKey: keys('k') }, /which is not shown here/],
    [{ upstream: 'u:sk-secret@example.com', upstreamKey: keys('k') }, /which is not shown here/],
    [{ upstream: 'sk-secret', upstreamKey: keys('k') }, /which is not shown here/],
    [{ upstream, upstreamKey: keys('sk-secret\nx') }, /`--upstream-key`.*without spaces/],
  ])('%j has one problem', (flags, problem) => {
    expect(read(flags).problems).toEqual([expect.stringMatching(problem)])
    expect(read(flags).problems.join()).not.toContain('secret')
  })

  test('can give customers with names, with several keys, and with keys alone', () => {
    const { config, problems } = read({
      host: '0.0.0.0',
      customer: customers('ada=sk-a1,sk-a2', 'sk-b', 'c=abc=='),
      totalTimeout: '30s',
    })
    expect(problems).toEqual([])
    expect(config).toMatchObject({ host: '0.0.0.0', spec: { timeouts: { total: 30_000 } } })
    expect(config.spec.customers).toEqual([
      { name: 'ada', keys: ['sk-a1', 'sk-a2'] },
      { name: 'customer-2', keys: ['sk-b'] },
      { name: 'c', keys: ['abc=='] },
    ])
  })

  test('have problems that never quote a key', () => {
    expect(read({ upstream: 'x', upstreamKey: keys('sk-secret', 'sk-secret', ' ') }).problems.join()).not.toContain(
      'secret',
    )
  })
})
