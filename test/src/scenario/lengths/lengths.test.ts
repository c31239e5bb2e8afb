import { describe, expect, test } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import { type Lengths, lengthOf, lengthProblems, meanLength } from '../../../../src/scenario/lengths/lengths.ts'

const prompt = { median: 600, spread: 0.8, most: 1_000_000 }
const output = { median: 150, spread: 1.2, most: 1_000_000 }
const logNormal = { kind: 'log-normal', prompt, output } satisfies Lengths
const draws = (lengths: Exclude<Lengths, { kind: 'trace' }>, calls = 20_000, seed = 1) =>
  Array.from({ length: calls }, (_, call) => lengthOf(lengths, call, seeded(seed)))

function moments(values: readonly number[]) {
  const logs = values.map(Math.log)
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length)
  return { median: values.toSorted((a, b) => a - b)[values.length >> 1]!, spread }
}

describe('lengthOf', () => {
  test('fixed lengths are the same for every call', () => {
    expect(lengthOf({ kind: 'fixed', prompt: 7, output: 0 }, 3, seeded(1))).toMatchObject({ prompt: 7, output: 0 })
  })

  test('log-normal lengths have the given median and spread', () => {
    const drawn = draws(logNormal)
    const prompts = moments(drawn.map((length) => length.prompt))
    const outputs = moments(drawn.map((length) => length.output))
    expect(prompts.median / prompt.median).toBeCloseTo(1, 1)
    expect(outputs.median / output.median).toBeCloseTo(1, 1)
    expect(prompts.spread).toBeCloseTo(prompt.spread, 1)
    expect(outputs.spread).toBeCloseTo(output.spread, 1)
  })

  test('prompt and output are independent', () => {
    const logs = draws(logNormal).map((length) => [Math.log(length.prompt), Math.log(length.output)] as const)
    const mean = (side: 0 | 1) => logs.reduce((sum, pair) => sum + pair[side], 0) / logs.length
    const [x, y] = [mean(0), mean(1)]
    const covariance = logs.reduce((sum, pair) => sum + (pair[0] - x) * (pair[1] - y), 0) / logs.length
    expect(covariance / (prompt.spread * output.spread)).toBeCloseTo(0, 1)
  })

  test('log-normal lengths are whole numbers from 1 to `most`', () => {
    const tight = { median: 2, spread: 5, most: 9 }
    const values = draws({ kind: 'log-normal', prompt: tight, output: tight }).flatMap((each) => [
      each.prompt,
      each.output,
    ])
    expect(new Set(values)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]))
  })

  test('without spread every length is the median', () => {
    const flat = { median: 42, spread: 0, most: 100 }
    expect(draws({ kind: 'log-normal', prompt: flat, output: flat }, 10)).toEqual(
      Array(10).fill({ prompt: 42, output: 42 }),
    )
  })

  test('a call’s lengths do not depend on those of other calls', () => {
    const random = seeded(3)
    const late = lengthOf(logNormal, 7, random)
    lengthOf(logNormal, 1, random)
    random.next()
    expect(lengthOf(logNormal, 7, random)).toEqual(late)
    expect(draws(logNormal, 8, 3)[7]).toEqual(late)
    expect(draws(logNormal, 8, 4)[7]).not.toEqual(late)
  })
})

describe('lengthProblems', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['trace', { kind: 'trace' }, []],
    ['fixed', { kind: 'fixed', prompt: 1, output: 0 }, []],
    ['log-normal', logNormal, []],
    [
      'an empty prompt',
      { kind: 'fixed', prompt: 0, output: 0 },
      ['Expected `l.prompt` to be >= 1 and <= 10000000, got 0'],
    ],
    [
      'several problems',
      { kind: 'log-normal', prompt: { median: 0, spread: -1, most: 1.5 } },
      [
        'Expected `l.prompt.median` to be > 0 and <= 10000000, got 0',
        'Expected `l.prompt.spread` to be >= 0 and <= 10, got -1',
        'Expected `l.prompt.most` to be a whole number >= 1 and <= 10000000, got 1.5',
        'Expected `l.output` to be an object, got undefined',
      ],
    ],
    ['an unknown field', { kind: 'trace', speed: 1 }, ['Expected `l` to have no fields but kind, got "speed"']],
    [
      'an unknown kind',
      { kind: 'fix' },
      ['Expected `l.kind` to be one of fixed, log-normal, quantiles, shape, trace, got "fix"'],
    ],
    [
      'a misspelled kind',
      { kind: 'lognormal' },
      [
        'Expected `l.kind` to be one of fixed, log-normal, quantiles, shape, trace, got "lognormal"; did you mean log-normal?',
      ],
    ],
    ['nothing', null, ['Expected `l` to be an object, got null']],
  ])('%s', (_what, lengths, problems) => {
    expect(lengthProblems('l', lengths)).toEqual(problems)
  })
})

test('the mean lengths are those of many calls, with answers cut at `maxTokens`', () => {
  expect(meanLength({ kind: 'fixed', prompt: 30, output: 200 }, 150)).toEqual({ prompt: 30, output: 150 })
  const cut = { kind: 'log-normal', prompt: { ...prompt, most: 900 }, output } satisfies Lengths
  const drawn = draws(cut, 100_000)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const { prompt: meanPrompt, output: meanOutput } = meanLength(cut, 300)
  expect(meanPrompt / mean(drawn.map((each) => each.prompt))).toBeCloseTo(1, 2)
  expect(meanOutput / mean(drawn.map((each) => Math.min(300, each.output)))).toBeCloseTo(1, 2)
  const constant = {
    kind: 'log-normal',
    prompt: { ...prompt, spread: 0 },
    output: { ...output, spread: 0 },
  } satisfies Lengths
  expect(meanLength(constant, 1000).prompt).toBeCloseTo(600, 9)
})
