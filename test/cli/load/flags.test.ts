import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type LoadFlags, readLoadFlags } from '../../../cli/load/flags.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch } = scratchFolder('load')

const url = 'http://127.0.0.1:8420/compatible-mode/v1'
const read = (flags: Partial<LoadFlags>, environment: NodeJS.ProcessEnv = {}) =>
  readLoadFlags({ url, key: [], ...flags }, environment)
type Typed = { readonly [K in keyof LoadFlags]?: LoadFlags[K] | undefined }
const far = {
  url: 'https://example.com/v1',
  key: ['sk-secret-0123456789'],
  allowHost: 'example.com',
  maxRequests: '10',
  maxSpend: '1.5',
}

describe('flags of a load', () => {
  test('need no more than an address of this machine', async () => {
    expect(await read({})).toEqual({ load: { url, keys: ['sk-ratelab'] }, notes: [] })
  })

  test('give keys, speed, limits and caps; a slash at the end of the address does not count', async () => {
    const { load } = await read({
      url: 'http://localhost:1/v1/',
      key: ['a', 'b'],
      speed: '60x',
      limits: 'rpm:60',
      maxRequests: '5',
      maxSpend: '0',
    })
    expect(load).toEqual({
      url: 'http://localhost:1/v1',
      keys: ['a', 'b'],
      speed: 60,
      limits: [{ rule: 'rpm', limit: 60, window: 60_000 }],
      maxRequests: 5,
      maxSpend: 0,
    })
    expect((await read({ limits: 'profile' })).load.limits).toBe('profile')
    expect((await read({ limits: 'none' })).load.limits).toEqual([])
  })

  test('take keys from a file and from the environment as a gateway does', async () => {
    const keyFile = join(scratch, 'keys.txt')
    writeFileSync(keyFile, '# mine\nthird\n', { mode: 0o600 })
    const { load } = await read({ key: ['first'], keyFile }, { RATELAB_KEYS: 'second' })
    expect(load.keys).toEqual(['first', 'second', 'third'])
  })

  test('let a load leave this machine only to a named host, with both caps, and say so', async () => {
    const { load, notes } = await read(far)
    expect(load).toEqual({ url: far.url, keys: far.key, maxRequests: 10, maxSpend: 1.5 })
    expect(notes.join()).toMatch(/terms may forbid load tests/)
  })

  test.each<[string, Typed, RegExp]>([
    [
      'no host is allowed',
      { allowHost: undefined },
      /`--allow-host` to be example\.com.*leaves this machine, got none/,
    ],
    ['another host is allowed', { allowHost: 'example.org' }, /`--allow-host` to be example\.com.*got "example\.org"/],
    ['there is no cap on requests', { maxRequests: undefined }, /`--max-requests` to be a number of requests/],
    ['there is no cap on money', { maxSpend: undefined }, /`--max-spend` to be an amount of money/],
    ['time is faster there', { speed: '60x' }, /`--speed` to be left out/],
    ['there is no key', { key: [] }, /`--key-file` to name a file with a key/],
  ])('refuse a load beyond this machine when %s', async (_what, changes, message) => {
    await expect(read({ ...far, ...changes } as Partial<LoadFlags>)).rejects.toThrow(message)
  })

  test.each([
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'http://0.0.0.0/v1',
    'http://10.0.0.1/v1',
    'http://[::ffff:8.8.8.8]/v1',
    'http://192.168.1.5/v1',
  ])('count %s as another machine', async (other) => {
    await expect(read({ url: other, key: ['k'] })).rejects.toThrow(/--allow-host/)
  })

  test.each(['http://[::1]:1/v1', 'http://localhost./v1', 'http://127.1/v1', 'http://LOCALHOST/v1'])(
    'count %s as this machine',
    async (own) => {
      expect((await read({ url: own })).load.keys).toEqual(['sk-ratelab'])
    },
  )

  test.each<[Typed, RegExp]>([
    [{ url: undefined }, /`--url` to be an address/],
    [{ url: 'ftp://localhost/' }, /`--url` to be an address/],
    [{ url: `${url}/chat/completions` }, /got one with it: leave it out/],
    [{ speed: '0' }, /`--speed` to be >= 0\.001/],
    [{ speed: 'fast' }, /`--speed` to be a finite number/],
    [{ maxRequests: '1.5' }, /`--max-requests` to be a whole number/],
    [{ maxSpend: '-1' }, /`--max-spend` to be >= 0/],
    [{ limits: 'rpm' }, /`--limits` to be limits such as/],
    [{ key: ['same', 'same'] }, /`--key` to be a different key each time/],
    [{ keyFile: '/does/not/exist' }, /`--key-file` to be a file that can be read/],
  ])('refuse %j', async (changes, message) => {
    await expect(read(changes as Partial<LoadFlags>)).rejects.toThrow(message)
  })

  test('show no key in a message', async () => {
    const secret = 'sk-secret-0123456789abcdef'
    const texts = await Promise.all(
      [
        { url: `http://user:${secret}@localhost/v1` },
        { url: `http://localhost/v1?key=${secret}` },
        { url: secret },
        { key: [secret, secret] },
        { key: [`${secret} x`] },
        { ...far, key: [secret], allowHost: undefined },
      ].map((changes) =>
        read(changes as Partial<LoadFlags>).then(
          () => 'accepted',
          (error: Error) => error.message,
        ),
      ),
    )
    for (const text of texts) {
      expect(text).not.toBe('accepted')
      expect(text).not.toContain('secret-0123456789')
    }
  })
})
