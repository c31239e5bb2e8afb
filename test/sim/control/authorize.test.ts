import { describe, expect, test } from 'vitest'
import { isAllowed } from '../../../sim/control/authorize.ts'
import { lab } from '../mock-rig.ts'
import { door } from './door.ts'

const local = '127.0.0.1'

/** Whether a caller may ask a control plane without a token. */
function mayAsk(address: string | undefined, headers: Record<string, string> = {}): boolean {
  return isAllowed({ address, headers: new Headers(headers) }, undefined)
}

describe('without a token, a caller may ask', () => {
  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])('from %s', (address) => {
    expect(mayAsk(address)).toBe(true)
  })

  test.each([
    ['localhost'],
    ['localhost:8420'],
    ['LOCALHOST:8420'],
    ['localhost.:8420'],
    ['127.0.0.1:8420'],
    ['127.1:8420'],
    ['[::1]:8420'],
    ['[0:0:0:0:0:0:0:1]'],
    ['[::ffff:127.0.0.1]:8420'],
  ])('with the host %s', (host) => {
    expect(mayAsk(local, { host })).toBe(true)
  })

  test.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:3000'])('from a page of %s', (origin) => {
    expect(mayAsk(local, { origin, 'sec-fetch-site': 'cross-site' })).toBe(true)
  })

  test.each(['same-origin', 'same-site', 'none'])('from a browser that says %s', (site) => {
    expect(mayAsk(local, { 'sec-fetch-site': site })).toBe(true)
  })

  test('with headers of clients that are not those of proxies', () => {
    const headers = {
      'user-agent': 'curl/8',
      'x-request-id': '1',
      'x-stainless-os': 'Linux',
      'x-dashscope-sse': 'enable',
    }
    expect(mayAsk(local, headers)).toBe(true)
  })
})

describe('without a token, nobody may ask', () => {
  test.each([
    '192.168.1.7',
    '10.0.0.1',
    '0.0.0.0',
    '::',
    '::ffff:10.0.0.1',
    '127.0.0.1.example.org',
    '127.0.0.256',
    'x',
    undefined,
  ])('from %s', (address) => {
    expect(mayAsk(address)).toBe(false)
  })

  test.each([
    ['evil.example'],
    ['evil.example:8420'],
    ['localhost.evil.example'],
    ['127.0.0.1.evil.example'],
    ['evil.localhost'],
    ['0.0.0.0:8420'],
    ['[::]:8420'],
    ['2130706434.example'],
    ['3232235777'],
    ['localhost, evil.example'],
    ['evil.example, localhost'],
    ['evil.example@localhost'],
    ['localhost/evil.example'],
    ['localhost#evil.example'],
    ['localhost?evil.example'],
    ['localhost\\evil.example'],
    ['localhost:99999'],
    [''],
  ])('with the host %s', (host) => {
    expect(mayAsk(local, { host })).toBe(false)
  })

  test.each([
    'https://evil.example',
    'null',
    '',
    'http://localhost.evil.example',
    'file://',
    'capacitor://localhost',
    'http://evil@localhost',
    'http://localhost, http://evil.example',
    'localhost',
  ])('from a page of %s', (origin) => {
    expect(mayAsk(local, { origin, 'sec-fetch-site': 'same-origin' })).toBe(false)
  })

  test.each(['cross-site', 'CROSS-SITE', 'same-origin, cross-site', ''])('from a browser that says %s', (site) => {
    expect(mayAsk(local, { 'sec-fetch-site': site })).toBe(false)
  })

  test.each([
    'via',
    'forwarded',
    'x-forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-anything',
    'x-original-forwarded-for',
    'x-original-url',
    'x-real-ip',
    'x-client-ip',
    'client-ip',
    'x-cluster-client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'cf-connecting-ipv6',
    'cf-ray',
    'cdn-loop',
    'fastly-client-ip',
    'fly-client-ip',
    'x-azure-clientip',
    'x-azure-socketip',
    'x-appengine-user-ip',
    'x-amz-cf-id',
    'x-envoy-external-address',
    'x-originating-ip',
    'x-remote-addr',
    'x-rewrite-url',
    'X-FORWARDED-FOR',
  ])('through a proxy that adds %s', (name) => {
    expect(mayAsk(local, { [name]: '127.0.0.1' })).toBe(false)
    expect(mayAsk(local, { [name]: '' })).toBe(false)
  })
})

describe('with a token', () => {
  const token = 'secret-token'
  const status = async (headers: Record<string, string>, path = 'healthz', address = local) =>
    (await door(lab(), { token }, address).ask('GET', path, undefined, headers))[0]

  test.each<[string, Record<string, string>]>([
    ['as a bearer token', { authorization: `Bearer ${token}` }],
    ['in its own header', { 'x-ratelab-token': token }],
    ['there, beside a key of the provider', { 'x-ratelab-token': token, authorization: 'Bearer sk-ratelab' }],
    ['there, beside credentials of a proxy', { 'x-ratelab-token': token, authorization: 'Basic YTpi' }],
  ])('everybody may ask who sends it %s', async (_name, headers) => {
    for (const address of [local, '10.0.0.1']) expect(await status(headers, 'healthz', address)).toBe(200)
    expect(await status({ ...headers, 'x-forwarded-for': '10.0.0.2', origin: 'https://dashboard.example' })).toBe(200)
  })

  test.each<[string, Record<string, string>, string?]>([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer secret-tokem' }],
    ['a part of it', { 'x-ratelab-token': token.slice(0, -1) }],
    ['it twice', { 'x-ratelab-token': `${token}, ${token}` }],
    ['an empty one', { 'x-ratelab-token': '' }],
    ['it with another scheme', { authorization: `Basic ${token}` }],
    ['it in the query', {}, `healthz?token=${token}&x-ratelab-token=${token}`],
    ['it in a cookie', { cookie: `x-ratelab-token=${token}` }],
  ])('nobody may ask who sends %s, from this machine neither', async (_name, headers, path) => {
    expect(await status(headers, path)).toBe(403)
  })

  test('the refusal is the same for every path and for every wrong token', async () => {
    const { ask } = door(lab(), { token })
    const refused = await ask('GET', 'healthz')
    for (const [method, path] of [
      ['GET', 'nothing'],
      ['PUT', 'state'],
      ['POST', 'reset'],
      ['OPTIONS', 'journal'],
    ] as const)
      for (const given of ['x', 'secret-tokem', `${token}x`])
        expect(await ask(method, path, undefined, { 'x-ratelab-token': given })).toEqual(refused)
    expect(JSON.stringify(refused)).not.toContain(token)
  })
})

test('the refusal names the remedy', async () => {
  const [status, { hint }] = await door(lab(), {}, '10.0.0.1').ask('GET', 'healthz')
  expect([status, hint]).toEqual([403, expect.stringContaining('localhost')])
})
