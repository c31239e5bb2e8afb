import { getEventListeners } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareStudy, runStudy, type StudyResult } from '../../lab/study.ts'
import burst from '../../scenarios/burst.ts'
import { stack } from '../../src/core/strategy.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import { pace } from '../../src/strategies/pacing/pace.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { resultOf } from './result-of.ts'

const { scratch } = scratchFolder('study')

const few: Case = { ...burst.cases[0]!, title: '60 calls at once', arrivals: { kind: 'at-once', calls: 60 } }
const small: Scenario = { ...burst, name: 'small', strategies: ['none', 'retry-pace'], cases: [few] }
/** It has a generator, so it cannot be sent to a worker and runs in the calling thread. */
const generated: Scenario = {
  ...small,
  cases: [{ ...few, arrivals: { kind: 'custom', generate: () => new Array(60).fill(0) } }],
}

const rawOf = ({ study, cells }: StudyResult) => ({ study, cells })

describe('a study', () => {
  test('has a cell for each case, seed and strategy, in this order', async () => {
    const cases = [few, { ...few, name: 'other', strategies: ['none'] }]
    const { study, cells, comparison } = await resultOf({ ...small, cases }, { seeds: [7, 3] })
    const names = cells.map(({ case: name, seed, strategy }) => [name, seed, strategy].join(' '))
    expect(names).toEqual([
      'batch 7 none',
      'batch 7 retry-pace',
      'batch 3 none',
      'batch 3 retry-pace',
      'other 7 none',
      'other 3 none',
    ])
    expect(cells.map(({ series }) => series !== undefined)).toEqual([true, true, false, false, true, false])
    expect(study.seeds).toEqual([7, 3])
    expect(comparison.cases.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['retry-pace', 'none'], ['none']])
    const [row] = comparison.cases[0]!.rows
    expect(row!.valuesBySeed.efficiency).toEqual(
      [cells[1]!, cells[3]!].map(({ summary }) => summary.metrics.efficiency),
    )
  })

  test('of a file runs on workers, and of an object with a generator in the calling thread, with the same cells', async () => {
    const file = join(scratch, 'generated.ts')
    const arrivals = "{ kind: 'custom', generate: () => new Array(60).fill(0) }"
    const data = JSON.stringify({ ...small, cases: [{ ...few, arrivals: 'here' }] }).replace('"here"', arrivals)
    writeFileSync(file, `export default ${data}`)
    const onWorkers = await resultOf(file, { seeds: [1, 2] })
    const inThread = await resultOf(generated, { seeds: [1, 2] })
    expect(inThread.cells).toEqual(onWorkers.cells)
    const { given, ...scenario } = onWorkers.study.scenario
    expect(given).toBe(file)
    expect(inThread.study).toEqual({ ...onWorkers.study, scenario })
  })

  test('is run by runStudy, which returns its comparison; the option `seeds: 3` means the seeds 1, 2 and 3', async () => {
    const { comparison } = await resultOf(small, { seeds: [1, 2, 3] })
    expect(await runStudy(small, { seeds: 3 })).toEqual(comparison)
  })

  test('of plain data runs on workers, with the same cells as in the calling thread', async () => {
    const onWorkers = await resultOf(small, { seeds: [4], strategies: ['none', 'retry-pace'] })
    const mine = { ...stack(), name: 'mine' }
    const inThread = await resultOf(small, { seeds: [4], strategies: ['none', 'retry-pace', mine] })
    expect(inThread.cells.slice(0, 2)).toEqual(onWorkers.cells)
    expect(inThread.cells[2]!.summary).toEqual(onWorkers.cells[0]!.summary)
  })

  test('applies settings as the command line does', async () => {
    const { study, cells } = await resultOf('burst', {
      strategies: ['none'],
      seeds: [5, 6],
      profile: 'intl',
      set: ['arrivals.calls=12', 'rejectsCount=true'],
    })
    expect(study.scenario.given).toBe('burst')
    expect(study.changed).toEqual([
      '--strategies none',
      '--seeds 2',
      '--seed 5',
      '--profile intl',
      '--set arrivals.calls=12',
      '--set rejectsCount=true',
    ])
    expect([study.profile.name, study.switches.rejectsCount]).toEqual(['intl', true])
    expect(study.cases[0]!.title).toBe('12 calls at once')
    expect(new Set(cells.map(({ summary }) => summary.calls))).toEqual(new Set([12]))
  })

  test('replays a recorded trace', async () => {
    const trace = join(scratch, 'calls.csv')
    const rows = Array.from({ length: 9 }, (_, i) => `2023-11-16 18:15:${10 + i}.1234567,${100 + i},20`)
    writeFileSync(trace, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\n'))
    const { study, cells } = await resultOf('replay', { trace, strategies: ['none'], seeds: [1] })
    expect(cells[0]!.summary.calls).toBe(9)
    expect(study.changed).toEqual(['--strategies none', '--seeds 1', '--trace calls.csv'])
  })

  test('reports its progress after every run, with the cell', async () => {
    for (const scenario of [small, generated]) {
      const reported: [number, number][] = []
      const seen = new Set<unknown>()
      const { cells } = await resultOf(scenario, {
        seeds: [1, 2, 3],
        onProgress({ done, total, cell }) {
          reported.push([done, total])
          seen.add(cell)
        },
      })
      expect(reported).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]))
      expect(seen).toEqual(new Set(cells))
    }
  })

  test('has its facts before it runs, and can run more than once', async () => {
    const study = await prepareStudy(small, { seeds: [1] })
    expect(study.runs).toBe(2)
    expect(study.facts.cases[0]!.contestants.map(({ id }) => id)).toEqual(['none', 'retry-pace'])
    expect(rawOf(await study.run())).toEqual(rawOf(await study.run()))
  })

  test('has no `given` when `ratelab run` cannot repeat it', async () => {
    const mine = { ...stack(), name: 'mine' }
    for (const options of [{ strategies: ['none', mine] }, { seeds: [1, 3] }])
      expect((await prepareStudy('burst', options)).facts.scenario).not.toHaveProperty('given')
    expect((await prepareStudy(small)).facts.scenario).not.toHaveProperty('given')
    expect((await prepareStudy('burst', { seeds: [1, 3] })).facts.changed).toEqual(['seeds 1, 3'])
    expect((await prepareStudy('burst')).facts).toMatchObject({ scenario: { given: 'burst' }, changed: [] })
  })
})

describe('a strategy of one’s own', () => {
  const mine = stack(retry({ jitter: 'equal' }), pace({ perSecond: 9.5 }))

  test('gives the same cell as the same strategy from the catalogue', async () => {
    const { comparison, cells } = await resultOf(small, { seeds: [1, 2], strategies: [mine, 'retry-pace'] })
    expect(cells[0]).toEqual({ ...cells[1], strategy: mine.name })
    expect(comparison.cases[0]!.rows[0]).toMatchObject({ id: mine.name, label: mine.name, quotaText: '1 account' })
  })

  test('is compared with the optimum of the accounts and models that it names', async () => {
    const pooled = { ...mine, about: 'Mine.', accounts: ['main', 'second'], models: ['qwen3-max', 'qwen-plus'] }
    const { study, cells } = await resultOf(small, { seeds: [1], strategies: [pooled, 'retry-pace'] })
    expect(study.cases[0]!.contestants[0]).toMatchObject({ about: 'Mine.', quotaText: '2 accounts, 2 models' })
    expect(cells[0]!.optimum.waitP95).toBeLessThan(cells[1]!.optimum.waitP95 / 2)
  })

  test('that throws ends the study with an error that names the case, the strategy and the seed', async () => {
    const broken = {
      name: 'broken',
      wrap: () => () => {
        throw new TypeError('no coffee')
      },
    }
    await expect(resultOf(small, { seeds: [9], strategies: [broken] })).rejects.toThrow(
      'no coffee (in case batch, strategy broken, seed 9)',
    )
  })
})

describe('a study that is ended', () => {
  const slow: Partial<Scenario> = { cases: [{ ...few, arrivals: { kind: 'at-once', calls: 4000 } }] }
  const seeds = Array.from({ length: 200 }, (_, i) => i)
  const workers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length

  test.each([
    ['on workers', { ...small, ...slow }],
    ['in the calling thread', generated],
  ])('%s rejects with the reason after everything has stopped', async (_where, scenario) => {
    const before = workers()
    const controller = new AbortController()
    const reason = new Error('enough')
    let done = 0
    const running = resultOf(scenario, {
      seeds,
      signal: controller.signal,
      onProgress(progress) {
        done = progress.done
        if (done === 3) controller.abort(reason)
      },
    })
    await expect(running).rejects.toBe(reason)
    const atEnd = done
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(done).toBe(atEnd)
    expect(done).toBeLessThan(20)
    expect(workers()).toBe(before)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('by a signal that aborts after a time, in the calling thread', async () => {
    const signal = AbortSignal.timeout(30)
    await expect(resultOf(generated, { seeds, signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(signal.aborted).toBe(true)
  })

  test('before it begins, runs nothing', async () => {
    const signal = AbortSignal.abort('no')
    for (const scenario of [small, generated]) {
      const onProgress = () => expect.unreachable()
      await expect(resultOf(scenario, { signal, onProgress })).rejects.toBe('no')
    }
  })

  test('by an error of onProgress rejects with that error', async () => {
    const before = workers()
    const onProgress = () => {
      throw new RangeError('an error of onProgress')
    }
    for (const scenario of [{ ...small, ...slow }, generated])
      await expect(resultOf(scenario, { seeds, onProgress })).rejects.toThrow('an error of onProgress')
    expect(workers()).toBe(before)
  })
})

describe('a study refuses', () => {
  const refused = async (scenario: unknown, options: object, code = 'INPUT_INVALID'): Promise<string> => {
    const error = await prepareStudy(scenario as Scenario, options).then(
      () => expect.unreachable('it was accepted'),
      (reason) => reason,
    )
    expect(error).toMatchObject({ name: 'InputError', code })
    return error.message
  }

  test.each([
    [
      'an unknown strategy',
      { strategies: ['retry-pase'] },
      /`options\.strategies\[0\]` to be one of .*none, .*, got "retry-pase"; did you mean retry-pace\?/,
    ],
    [
      'an empty list of strategies',
      { strategies: [] },
      /`options\.strategies` to name at least one strategy, got none: leave it out/,
    ],
    ['strategies that are not a list', { strategies: 'none' }, /`options\.strategies` to be a list, got "none"/],
    [
      'an object that is not a strategy',
      { strategies: [{ name: 'x' }] },
      /`options\.strategies\[0\]` to be a name from the catalogue, the path of a plug-in or a strategy \(name and wrap\), got an object/,
    ],
    ['a strategy without a name', { strategies: [{ wrap() {} }] }, /`options\.strategies\[0\]\.name` to be a text/],
    [
      'the same strategy twice',
      { strategies: ['none', 'none'] },
      /`options\.strategies\[1\]` to differ from `options\.strategies\[0\]`, got "none" twice/,
    ],
    [
      'two strategies with the same name',
      { strategies: ['none', stack()] },
      /`options\.strategies\[1\]` to differ from `options\.strategies\[0\]`, got "none" twice/,
    ],
    [
      'an account that is not in the world',
      { strategies: [{ ...stack(), accounts: ['mian'] }] },
      /`options\.strategies\[0\]\.accounts\[0\]` to be one of main, .*, got "mian"; did you mean main\?/,
    ],
    [
      'a model that is not in the profile',
      { strategies: [{ ...stack(), models: ['gpt'] }] },
      /`options\.strategies\[0\]\.models\[0\]` to be one of qwen3-max/,
    ],
    [
      'an empty list of seeds',
      { seeds: [] },
      /`options\.seeds` to name at least one seed, got none: leave it out for 1 to 20/,
    ],
    ['a seed that is not whole', { seeds: [1, 1.5] }, /`options\.seeds\[1\]` to be a whole number >= 0, got 1\.5/],
    ['a negative seed', { seeds: [-1] }, /`options\.seeds\[0\]` to be >= 0, got -1/],
    ['a number of seeds below 1', { seeds: 0 }, /`options\.seeds` to be >= 1 and <= 10000, got 0/],
    [
      'a number of seeds that is not whole',
      { seeds: 2.5 },
      /`options\.seeds` to be a whole number >= 1 and <= 10000, got 2.5/,
    ],
    ['seeds that are a text', { seeds: '20' }, /`options\.seeds` to be a list, got "20"/],
    ['the same seed twice', { seeds: [3, 4, 3] }, /`options\.seeds\[2\]` to differ from `options\.seeds\[0\]`/],
    [
      'an unknown profile',
      { profile: 'int' },
      /`options\.profile` to be one of article, intl, cn-beijing, got "int"; did you mean intl\?/,
    ],
    [
      'an unknown setting',
      { set: ['pateince=1'] },
      /Expected `options\.set` to change a known key, got "pateince"; did you mean patience\?/,
    ],
    ['a setting that is not a text', { set: [3] }, /`options\.set\[0\]` to be a text, got 3/],
    [
      'a trace for a scenario that does not replay one',
      { trace: 'calls.csv' },
      /`options\.trace` only with a scenario that replays/,
    ],
    [
      'an unknown option',
      { seed: 3 },
      /`options` to have no fields but strategies, seeds, .*, got "seed"; did you mean seeds\?/,
    ],
    [
      'an onProgress that is not a function',
      { onProgress: 'loud' },
      /`options\.onProgress` to be a function, got "loud"/,
    ],
    ['a signal that is not an AbortSignal', { signal: {} }, /`options\.signal` to be an AbortSignal, got an object/],
  ])('%s', async (_what, options, message) => {
    const [name] = Object.keys(options)
    const codes: Record<string, string> = {
      strategies: 'STRATEGY_UNKNOWN',
      set: 'SETTING_INVALID',
      profile: 'SETTING_INVALID',
    }
    // Accounts and models can only be checked after the scenario is loaded, so they have another code.
    const code = /accounts|models/.test(String(message)) ? 'STRATEGY_UNSUPPORTED' : codes[name!]
    expect(await refused(small, options, code)).toMatch(message)
  })

  test('with all problems in one error: those of options, of the scenario and of settings', async () => {
    const message = await refused(
      { ...small, title: '', cases: [{ ...few, patience: -1 }] },
      { strategies: ['nun'], seeds: [0.5] },
    )
    expect(message).toMatch(/^3 problems:\n/)
    for (const part of [
      '`options.strategies[0]`',
      '`options.seeds[0]`',
      '2 problems in the scenario',
      '`title`',
      '`cases[0].patience`',
    ])
      expect(message).toContain(part)
    const settings = await refused('burst', { strategies: ['nun'], set: ['x=1', 'patience=soon'] })
    for (const part of ['`options.strategies[0]`', 'got "x"', '`options.set patience`'])
      expect(settings).toContain(part)
  })

  test.each([
    [
      'an unknown name',
      'burts',
      'SCENARIO_NOT_FOUND',
      /a scenario \(burst, .*, steady, tenants\).*did you mean burst\?/,
    ],
    ['a missing file', './nowhere.ts', 'SCENARIO_NOT_FOUND', /there is no such file/],
    ['nothing', undefined, 'SCENARIO_INVALID', /Expected the scenario to be an object, got undefined/],
    [
      'a getter that throws',
      Object.defineProperty({}, 'name', {
        get: () => {
          throw new Error('ouch')
        },
        enumerable: true,
      }),
      'SCENARIO_INVALID',
      /the scenario to be readable, but it throws: Error: ouch/,
    ],
  ])('as a scenario: %s', async (_what, scenario, code, message) => {
    expect(await refused(scenario, {}, code)).toMatch(message)
  })

  test('a strategy that needs accounts or a gateway that the world does not have', async () => {
    const oneAccount = { ...small, world: { ...small.world, accounts: small.world.accounts.slice(0, 1), gateways: [] } }
    const message = await refused(oneAccount, { strategies: ['rotation', 'article-proxy'] }, 'STRATEGY_UNSUPPORTED')
    expect(message).toMatch(/^2 problems:[\s\S]*two accounts or more[\s\S]*a gateway for the proxy strategy/)
  })
})
