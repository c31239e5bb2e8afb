import { test as property } from '@fast-check/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { configProblems, type ServeConfig, serveConfigShape } from '../../../sim/config/serve-config.ts'
import { serveSchema } from '../../../sim/config/serve-schema.ts'
import type { Schema } from '../../../src/checks/schema.ts'
import { changes, mutated } from '../../schemas/mutations.ts'
import { valuesOf } from '../../schemas/schema-values.ts'

const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(serveSchema)

const whole = {
  $schema: './serve.schema.json',
  profile: 'cn-beijing',
  accounts: [
    {
      name: 'main',
      keys: ['sk-1', 'sk-2'],
      freeTokens: 1000,
      stopWhenFreeIsUsed: true,
      payable: true,
      arrears: false,
      workspaces: [{ name: 'w', keys: ['sk-2'], limits: { 'qwen-max': [{ rule: 'rpm', limit: 6, window: 60_000 }] } }],
    },
    { name: 'other', keys: ['sk-3'] },
  ],
  limits: { 'qwen3-max': [{ rule: 'rps', limit: 10, window: 1000 }], 'my-model': [], theirs: 'rpm:60,tokens:500/6s' },
  background: [
    {
      account: 'other',
      model: 'my-model',
      arrivals: { kind: 'on-off', perSecond: 5, on: 20_000, off: 40_000, until: 900_000 },
      lengths: { kind: 'quantiles', prompt: [1, 5], output: [0, 3, 9] },
      maxTokens: 100,
    },
  ],
  switches: { window: 'fixed', burstGuard: false, firstToken: 10 },
  wire: { errorPlacement: 'mid-stream', frameTokens: 8 },
  faults: [
    { match: { model: 'my-model', account: 'other', stream: true }, when: { first: 2 }, do: { error: 'requests' } },
    { when: 'always', do: { delay: 100, break: 'mid-body', after: 0.25 } },
    { when: { probability: 0.1 }, do: { capacity: true } },
  ],
  seed: 7,
  speed: 60,
  port: 0,
  host: '127.0.0.1',
  maxBodyBytes: 1000,
  controlToken: 'secret',
  accessLog: 'access.jsonl',
} satisfies ServeConfig

describe('a config', () => {
  test('may name everything, or nothing', () => {
    expect(configProblems(whole)).toEqual([])
    expect(configProblems({})).toEqual([])
  })

  test('may have a profile of its own: by a path, or itself with its models', () => {
    const faults = [{ ...fault(), match: { model: 'mine' } }]
    const row = {
      limits: [],
      prices: [{ upTo: 1e9, input: 1, output: 2 }],
      freeTokens: 0,
      source: 'us',
      confidence: 'H',
    }
    const facts = { name: 'ours', title: 'Ours', currency: 'USD', spelling: 'dashscope', docs: 'https://x' }
    const profile = { ...facts, models: { mine: row } }
    for (const given of ['./ours.ts', 'C:\\ours.ts', profile]) {
      expect(configProblems({ profile: given, faults })).toEqual([])
      expect(validate({ profile: given }), String(given)).toBe(true)
    }
    expect(configProblems({ profile: { ...profile, models: { other: row } }, faults })).toEqual([
      expect.stringMatching(/faults\[0\]\.match\.model` to be one of other, got "mine"/),
    ])
    expect(configProblems({ profile: { ...profile, name: 'intl' } })).toEqual([
      expect.stringMatching(/`config\.profile\.name` to differ from the names of the built-in profiles/),
    ])
  })

  test('has all its problems told at once, by their paths, with the nearest names', () => {
    const account = { name: 'a', keys: ['k'], freeToken: 5 }
    const wrong = { prot: 80, profile: 'int', accounts: [account, { name: 'a', keys: ['k'] }], speed: -1, port: 99_999 }
    expect(configProblems(wrong)).toEqual([
      expect.stringMatching(/`config` to have no fields but .*, got "prot"; did you mean port\?/),
      'Expected `config.profile` to be one of article, intl, cn-beijing, got "int"; did you mean intl?',
      expect.stringMatching(
        /`config\.accounts\[0\]` to have no fields but .*, got "freeToken"; did you mean freeTokens\?/,
      ),
      'Expected `config.speed` to be >= 0.001 and <= 1000000, got -1: 0 pauses',
      'Expected `config.port` to be >= 0 and <= 65535, got 99999',
      'Expected `config.accounts[1].name` to differ from `config.accounts[0].name`, got "a" twice',
      'Expected `config.accounts[1].keys[0]` to be a key of one account, got the key of `config.accounts[0].keys[0]`',
    ])
  })

  test.each<[string, object, RegExp]>([
    [
      'a fault of a model that nobody has',
      { faults: [{ ...fault(), match: { model: 'qwen3-mx' } }] },
      /faults\[0\]\.match\.model` .*did you mean qwen3-max\?/,
    ],
    [
      'a fault of an account that is not there',
      { faults: [{ ...fault(), match: { account: 'mian' } }] },
      /faults\[0\]\.match\.account` .*did you mean main\?/,
    ],
    [
      'two failures in one',
      { faults: [{ ...fault(), do: { error: 'requests', capacity: true } }] },
      /`config\.faults\[0\]\.do` to have one of error, break and capacity, got error and capacity/,
    ],
    [
      'a fault that does nothing',
      { faults: [{ ...fault(), do: {} }] },
      /`config\.faults\[0\]\.do` to have one of delay, error, break and capacity, got none/,
    ],
    [
      'no such time',
      { faults: [{ ...fault(), when: { frist: 2 } }] },
      /`config\.faults\[0\]\.when` to be "always", .*, got \{"frist":2\}/,
    ],
    [
      'two times',
      { faults: [{ ...fault(), when: { first: 2, every: 2 } }] },
      /`config\.faults\[0\]\.when` to be "always", /,
    ],
    [
      'a workspace’s limit on a model that nobody has',
      { accounts: [{ name: 'a', keys: ['k'], workspaces: [{ name: 'w', keys: ['k'], limits: { nope: [] } }] }] },
      /`config\.accounts\[0\]\.workspaces\[0\]\.limits` to be one of .*, got "nope"/,
    ],
    ['no keys', { accounts: [{ name: 'a', keys: [] }] }, /`config\.accounts\[0\]\.keys` to have at least one item/],
    ['a wire switch that is unknown', { wire: { errorAfters: 3 } }, /did you mean errorAfter\?/],
  ])('may not have %s', (_what, config, problem) => {
    expect(configProblems(config)).toEqual([expect.stringMatching(problem)])
  })

  test.each([[null], [[]], ['x'], [3]])('is an object, not %j', (value) => {
    expect(configProblems(value)).toEqual([expect.stringMatching(/^Expected `config` to be an object, got /)])
    expect(validate(value)).toBe(false)
  })
})

function fault() {
  return { when: 'always', do: { error: 'requests' } }
}

describe('the schema', () => {
  test('is published as it is; `npm test -- -u` writes the file', async () => {
    await expect(`${JSON.stringify(serveSchema, null, 2)}\n`).toMatchFileSnapshot(
      '../../../sim/config/serve.schema.json',
    )
  })

  test('describes every field', () => {
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties } = node as { properties?: Record<string, { description?: string }> }
      if (!/oneOf|dependentSchemas/.test(path))
        for (const [name, field] of Object.entries(properties ?? {}))
          expect(field.description, `${path}/${name}`).toMatch(/^\S.{3,}\.$/s)
      for (const [name, child] of Object.entries(node)) walk(child, `${path}/${name}`)
    }
    walk(serveSchema, '')
  })
})

/** Problems that no schema can express: they are between parts of a value, or within a text. */
const beyondSchema = [
  / ms" twice$/,
  /^Expected `config\.limits\[".*"\]( [^`]*)?` to (be limits such as|limit one of|be a whole number|have a window)/,
  /^Expected `config\.background\[\d+\]\.arrivals(\.until)?` to (be at most|make at most)/,
  /` to be at least the quantile before it, /,
]
const schematic = (problems: readonly string[]) =>
  problems.filter((problem) => !beyondSchema.some((each) => each.test(problem)))

const moreFields = ['x', 'name', 'limits', 'when', 'do', '__proto__', 'toString']

describe('schema and validator', () => {
  const anything = valuesOf(serveSchema, {
    ajv: new Ajv2020({ strict: false }),
    resolve: (reference) => (serveSchema.$defs as Readonly<Record<string, Schema>>)[reference.replace('#/$defs/', '')]!,
    // A profile with models of its own would have to fit the names of models everywhere else, which no schema can express.
    names: { model: ['qwen3-max', 'my-model'], profile: ['intl', 'article', './mine.ts'] },
  })
  property.prop([anything], { numRuns: 300 })('take whatever the schema describes', (config) => {
    const problems = schematic(serveConfigShape('config', config))
    expect(problems).toEqual([])
    expect(validate(config)).toBe(true)
  })

  property.prop([changes(moreFields)], {
    numRuns: 3000,
    examples: [[[{ place: 979_939_898, value: '', field: 'x' }]]],
  })('accept the same configs, but for what one part says of another', (made) => {
    const read = mutated(whole, made)
    const found = serveConfigShape('config', read)
    const problems = schematic(found)
    expect(validate(read), JSON.stringify([read, problems, validate.errors])).toBe(problems.length === 0)
    if (found.length > 0) expect(configProblems(read)).not.toEqual([])
  })
})
