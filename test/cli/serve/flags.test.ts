import { describe, expect, test } from 'vitest'
import { mergeConfigs, readFlags, type ServeFlags } from '../../../cli/serve/flags.ts'

const read = (flags: Partial<ServeFlags>) => readFlags({ modelLimit: [], account: [], set: [], ...flags })
const minute = 60_000

describe('flags', () => {
  test('that are not given make an empty config', () => {
    expect(read({})).toEqual({ config: {}, problems: [] })
  })

  test('give the same fields as a config file', () => {
    const flags: Partial<ServeFlags> = {
      profile: 'article',
      modelLimit: ['qwen3-max=rpm:60,tpm:100000', 'own=none'],
      account: ['a=sk-1,sk-2', 'b=sk=3'],
      set: ['window=fixed', 'burstGuard=off', 'errorPlacement=mid-stream', 'frameTokens=8'],
      speed: '60x',
      seed: '7',
      port: '0',
      host: '::1',
      accessLog: 'log.jsonl',
      controlToken: 't',
    }
    expect(read(flags)).toEqual({
      problems: [],
      config: {
        profile: 'article',
        limits: {
          'qwen3-max': [
            { rule: 'rpm', limit: 60, window: minute },
            { rule: 'tpm', limit: 100_000, window: minute },
          ],
          own: [],
        },
        accounts: [
          { name: 'a', keys: ['sk-1', 'sk-2'] },
          { name: 'b', keys: ['sk=3'] },
        ],
        switches: { window: 'fixed', burstGuard: false },
        wire: { errorPlacement: 'mid-stream', frameTokens: 8 },
        speed: 60,
        seed: 7,
        port: 0,
        host: '::1',
        accessLog: 'log.jsonl',
        controlToken: 't',
      },
    })
  })

  test.each<[Partial<ServeFlags>, string | RegExp]>([
    [{ speed: 'fast' }, 'Expected `--speed` to be a finite number >= 0.001 and <= 1000000, got "fast": 0 pauses'],
    [{ speed: '-2' }, 'Expected `--speed` to be >= 0.001 and <= 1000000, got -2: 0 pauses'],
    [{ speed: '1e-9' }, 'Expected `--speed` to be >= 0.001 and <= 1000000, got 1e-9: 0 pauses'],
    [{ controlToken: 'a b' }, /`--control-token`.*without spaces/],
    [{ account: ['a=sk 1'] }, /`--account a`.*without spaces/],
    [{ account: ['a=ключ'] }, /`--account a`.*ASCII/],
    [{ speed: 'x' }, /`--speed`.*got "x"/],
    [{ speed: '' }, /`--speed`.*got ""/],
    [{ speed: 'Infinity' }, /`--speed`.*got "Infinity"/],
    [{ port: '99999' }, 'Expected `--port` to be >= 0 and <= 65535, got 99999'],
    [{ port: '80.5' }, 'Expected `--port` to be a whole number >= 0 and <= 65535, got 80.5'],
    [{ seed: '-1' }, /`--seed`.*got -1/],
    [{ profile: 'int' }, /`--profile` to be one of article, intl, cn-beijing, got "int"; did you mean intl\?/],
    [{ host: ' ' }, /`--host` to be a text that is not empty/],
    [{ modelLimit: ['rpm:60'] }, /`--model-limit` to be model=limits, such as qwen3-max=rpm:60, got "rpm:60"/],
    [{ modelLimit: ['qwen3-max=rpm:-1'] }, 'Expected `--model-limit qwen3-max rpm` to be a whole number > 0, got "-1"'],
    [{ account: ['main'] }, 'Expected `--account` to be name=key or name=key1,key2, got a text that may be a key'],
    [{ account: ['main=a,,b'] }, /name=key1,key2, got a text that may be a key/],
    [
      { account: ['a=k', 'b=k'] },
      /`--account\[1\]\.keys\[0\]` to be a key of one account, got the key of `--account\[0\]\.keys\[0\]`/,
    ],
    [{ account: ['a=k', 'a=l'] }, /`--account\[1\]\.name` to differ from `--account\[0\]\.name`/],
    [{ set: ['windw=fixed'] }, /switch=value .*, got "windw=fixed"; did you mean window\?/],
    [{ set: ['window'] }, /switch=value .*, got "window"$/],
    [
      { set: ['window=fxed'] },
      'Expected `--set window` to be one of sliding, fixed, bucket, anchored, got "fxed"; did you mean fixed?',
    ],
    [{ set: ['errorAfter=0'] }, /`--set errorAfter`.*got 0/],
    [{ controlToken: '' }, /`--control-token`/],
  ])('%j has one problem', (flags, problem) => {
    const { problems } = read(flags)
    expect(problems).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)])
  })

  test('have all their problems reported at once', () => {
    expect(read({ speed: 'fast', port: 'x', account: ['a'], set: ['b'] }).problems).toHaveLength(4)
  })
})

test('flags replace the values of the config file, separately for each switch and each model', () => {
  const file = { port: 1, seed: 2, switches: { window: 'fixed', firstToken: 5 }, limits: { a: [], b: [] } } as const
  const limits = { a: [{ rule: 'rpm', limit: 1, window: minute }] } as const
  expect(mergeConfigs(file, { port: 3, switches: { window: 'bucket' }, limits })).toEqual({
    port: 3,
    seed: 2,
    switches: { window: 'bucket', firstToken: 5 },
    limits: { ...limits, b: [] },
  })
})
