import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareStudy } from '../../lab/study.ts'
import replay from '../../scenarios/replay.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { charts } from '../../src/report/charts/png.ts'
import { json } from '../../src/report/json.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { checkout } from '../golden/installations.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { resultOf } from './result-of.ts'

const { scratch } = scratchFolder('replayed')

/** Writes a trace with calls at these seconds. */
function traceOf(
  name: string,
  seconds: readonly number[],
  header = 'Timestamp,Request tokens,Response tokens',
): string {
  const path = join(scratch, name)
  writeFileSync(path, [header, ...seconds.map((at) => `${at},100,20`)].join('\n'))
  return path
}

const one = { strategies: ['none'], seeds: [1] }
const day = 86_400
const week = traceOf('week.csv', [0, 1.5 * day, 3 * day, 7 * day])

describe('the trace decides when a replay ends', () => {
  test('every call of a week is offered and settled, and a report of it has every part', async () => {
    const { study, cells, comparison } = await resultOf('replay', { trace: week, ...one })
    expect(study.cases[0]).toMatchObject({ horizon: 7 * day * 1000 + 120_000 })
    expect(study.cases[0]).not.toHaveProperty('late')
    expect(cells[0]!.summary).toMatchObject({ calls: 4, outcomes: { ok: 4, dropped: 0, unfinished: 0 } })
    expect(cells[0]!.series!.admittedPerSecond.length).toBeGreaterThan(7 * day)
    expect(terminal(comparison, { width: 100, colour: false })).toMatch(/^Which strategy/)
    expect(markdown(comparison, checkout)).toContain('the run ends after 7 d.')
    expect(JSON.parse(json(comparison))).toMatchObject({ not_replayed: null, replayed: { rows: 4 } })
    expect(Object.keys(await charts(comparison))).toHaveLength(3)
  })

  test('calls after an earlier end are not offered, and the first line of each report says so', async () => {
    const { study, cells, comparison } = await resultOf('replay', { trace: week, ...one, set: ['horizon=200000000'] })
    expect(study.cases[0]).toMatchObject({ horizon: 200_000_000, late: 2 })
    expect(cells[0]!.summary).toMatchObject({ calls: 2, outcomes: { ok: 2, dropped: 0, unfinished: 0 } })
    const sentence =
      'Not replayed, and part of no figure: 2 of the 4 rows of week.csv, with an arrival after the run’s end at 2 d 8 h.'
    expect(terminal(comparison, { width: 200, colour: false }).split('\n')[0]).toBe(sentence)
    expect(markdown(comparison, checkout).split('\n')[2]).toBe(`**${sentence}**`)
    expect(Object.entries(JSON.parse(json(comparison)))[1]).toEqual(['not_replayed', sentence])
  })

  test('an end after that of the trace changes nothing', async () => {
    const short = traceOf('short.csv', [0, 1, 2])
    const { cells, study } = await resultOf('replay', { trace: short, ...one, set: ['horizon=80000000'] })
    const usual = await resultOf('replay', { trace: short, ...one })
    expect(cells).toEqual(usual.cells)
    expect(study.cases).toEqual(usual.study.cases)
  })

  test('workers and the calling thread end at the same instant', async () => {
    const given = { ...replay, cases: replay.cases.map((each) => ({ ...each, horizon: 200_000_000 })) }
    const options = { trace: week, ...one }
    const onWorkers = await resultOf(given, options)
    const alone = await resultOf(
      { ...given, strategies: [{ name: 'none', wrap: (send) => send }] },
      { trace: week, seeds: [1] },
    )
    expect(alone.cells).toEqual(onWorkers.cells)
  })
})

describe('a part of a trace', () => {
  const trace = traceOf(
    'minutes.csv',
    Array.from({ length: 60 }, (_, i) => 60 * i),
  )
  const part = { from: '10m', to: '40m', every: 3 }

  test('is replayed, and the facts say which rows are not', async () => {
    const { study, cells, comparison } = await resultOf('replay', { trace, ...one, ...part, columns: 'unit=s' })
    expect(cells[0]!.summary.calls).toBe(10)
    expect(study.replayed).toEqual({
      file: 'minutes.csv',
      format: 'BurstGPT',
      rows: 60,
      outside: 30,
      skipped: 20,
      warnings: [],
    })
    expect(study.changed.slice(2)).toEqual([
      '--trace minutes.csv',
      '--from 10m',
      '--to 40m',
      '--every 3',
      '--columns unit=s',
    ])
    expect(JSON.parse(json(comparison)).not_replayed).toBe(
      'Not replayed, and part of no figure: 50 of the 60 rows of minutes.csv: 30 not between --from and --to and 20 left out by --every.',
    )
  })

  test('is a study of its own', async () => {
    const inputOf = async (options: object) =>
      (await (await prepareStudy('replay', { trace, ...options })).origin()).input
    const inputs = await Promise.all(
      [{}, { from: '10m' }, { to: '10m' }, { every: 2 }, { columns: 'unit=s' }].map(inputOf),
    )
    expect(new Set(inputs).size).toBe(5)
  })
})

test('a warning about the times is in the facts and in every report', async () => {
  const trace = traceOf(
    'slow.csv',
    Array.from({ length: 20 }, (_, i) => 3000 * i),
  )
  const { study, comparison } = await resultOf('replay', { trace, ...one })
  const [warning] = study.replayed!.warnings
  expect(warning).toMatch(
    /slow\.csv are read as seconds, .* add `options\.columns unit=ms`; `unit=s` confirms seconds\.$/,
  )
  expect(terminal(comparison, { width: 400, colour: false }).split('\n')[0]).toBe(`Warning: ${warning}`)
  expect(markdown(comparison, checkout).split('\n')[2]).toBe(`**Warning: ${warning}**`)
})

describe('without a trace', () => {
  test('a scenario replays the one that it names, counted from its file', async () => {
    const { study, cells } = await resultOf('replay', one)
    expect(study.replayed).toMatchObject({ file: 'example.csv', rows: 200 })
    expect(cells[0]!.summary.calls).toBe(200)
    expect(study.changed).toEqual(['--strategies none', '--seeds 1'])
  })

  test('its path is no part of the origin, and its content is', async () => {
    const inputOf = async (trace: string) => (await (await prepareStudy({ ...replay, trace })).origin()).input
    const example = resolve('scenarios/traces/example.csv')
    expect(await inputOf(example)).toBe(await inputOf('scenarios/traces/example.csv'))
    expect(await inputOf(example)).not.toBe(await inputOf(week))
  })

  test('a scenario that names none is refused', async () => {
    const { trace: _, ...given } = replay
    const failure = await prepareStudy(given).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure).toMatchObject({
      code: 'TRACE_MISSING',
      message: expect.stringMatching(
        /Expected `options\.trace FILE` for a scenario that replays recorded calls, got none/,
      ),
    })
  })
})

test.each([
  [{ every: 0 }, /Expected `options\.every` to be >= 1, got 0/],
  [{ every: 1.5 }, /Expected `options\.every` to be a whole number >= 1, got 1\.5/],
  [{ from: '' }, /Expected `options\.from` to be a text that is not empty, got ""/],
  [{ to: 5 as never }, /Expected `options\.to` to be a text that is not empty, got 5/],
  [{ columns: 'time' }, /Expected `options\.columns` to be such as arrival=/],
  [{ columns: 7 as never }, /Expected `options\.columns` to be a text that is not empty, got 7/],
  [{ from: 'noon' }, /Expected `options\.from` to be a duration since the start of the trace/],
])('the options %j are refused', async (options, message) => {
  await expect(prepareStudy('replay', { trace: week, ...options })).rejects.toThrow(message)
})

test.each(['from', 'to', 'columns'] as const)('%s is refused for a scenario that replays nothing', async (name) => {
  await expect(prepareStudy('burst', { [name]: name === 'columns' ? 'unit=s' : '1h' })).rejects.toThrow(
    `Expected \`options.${name}\` only with a scenario that replays recorded calls, such as replay`,
  )
})
