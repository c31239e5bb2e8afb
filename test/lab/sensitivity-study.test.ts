import { describe, expect, test } from 'vitest'
import { prepareSensitivity } from '../../lab/sensitivity-study.ts'
import burst from '../../scenarios/burst.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
import { concluded } from '../../src/compare/sensitivity/changes.ts'
import { alternativeResult, isOf } from '../../src/compare/sensitivity/sensitivity.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import { alternativesTo } from '../../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../../src/scenario/switches.ts'
import { resultOf } from './result-of.ts'

const few: Case = { ...burst.cases[0]!, title: '60 calls at once', arrivals: { kind: 'at-once', calls: 60 } }
/** It has a generator, so it runs in the calling thread. */
const generated: Case = { ...few, arrivals: { kind: 'custom', generate: () => new Array(60).fill(0) } }
const small: Scenario = { ...burst, name: 'small', strategies: ['none', 'retry-pace'], cases: [generated] }

describe('a sensitivity study', () => {
  const alternativesOf = (names: readonly (keyof Switches)[]) =>
    names.flatMap((name) =>
      alternativesTo(switchTable[name].default, switchTable[name]).map((value) => ({ switch: name, value })),
    )

  test('has each other value of every switch, in the order of the table', async () => {
    const { alternatives, runs, facts } = await prepareSensitivity(small)
    expect(alternatives).toEqual(alternativesOf(switchNames.filter((name) => !/^soft/.test(name))))
    expect(facts.seeds).toEqual([1, 2, 3, 4, 5, 6])
    expect(runs).toBe(2 * 6 * (1 + alternatives.length))
    expect(facts.changed).toEqual([])
  })

  test('has the switches of soft limits where a limit is soft, or where they are named', async () => {
    const { alternatives } = await prepareSensitivity(small, { set: ['limits=rpm:600,soft-tpm:9000'] })
    expect(alternatives).toEqual(alternativesOf(switchNames))
    const named = await prepareSensitivity(small, { switches: ['softRoom'] })
    expect(named.alternatives).toEqual(alternativesOf(['softRoom']))
  })

  test('may be of some switches, and starts from the values that are set', async () => {
    const options = { switches: ['burstGrowth', 'window'], set: ['window=fixed', 'burstGrowth=4'], seeds: [2, 3] }
    const { alternatives, facts } = await prepareSensitivity(small, options)
    expect(alternatives).toEqual([
      { switch: 'window', value: 'sliding' },
      { switch: 'window', value: 'bucket' },
      { switch: 'window', value: 'anchored' },
      { switch: 'burstGrowth', value: 1.5 },
      { switch: 'burstGrowth', value: 2 },
    ])
    expect(facts.changed).toEqual(['--set window=fixed', '--set burstGrowth=4', '--seeds 2', '--seed 2'])
  })

  test('compares what `--set` gives on the same seeds', async () => {
    const progress: number[] = []
    const options = { seeds: 3, switches: ['rejectsCount', 'burstGuard'] }
    const study = await prepareSensitivity(small, options)
    const found = await study.run({ onProgress: ({ done, total }) => progress.push(done, total) })
    const tried = concluded(await resultOf(small, { seeds: 3 }))
    const under = async (key: string, value: boolean) =>
      alternativeResult(tried, { switch: key, value }, await resultOf(small, { seeds: 3, set: [`${key}=${value}`] }))
    expect(found.conclusions).toEqual(tried.conclusions)
    expect(found.alternatives).toEqual([await under('rejectsCount', true), await under('burstGuard', false)])
    expect(isOf(found, await resultOf(small, { seeds: 20 }))).toBe(true)
    expect(progress.filter((_, i) => i % 2 === 0)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1))
    expect(new Set(progress.filter((_, i) => i % 2 === 1))).toEqual(new Set([18]))
  })

  test('changes one switch of the study that was chosen, and nothing else', async () => {
    const options = { seeds: [4], strategies: ['retry-pace'], set: ['burstGuard=false', 'maxTokens=9'] }
    const cells: Cell[] = []
    const study = await prepareSensitivity(small, { ...options, switches: ['networkDelay'] })
    await study.run({ onProgress: ({ cell }) => cells.push(cell) })
    const settings = [[], ['networkDelay=20'], ['networkDelay=80']].map((each) => [...options.set, ...each])
    const alone = await Promise.all(settings.map((set) => resultOf(small, { ...options, set })))
    expect(cells).toEqual(alone.flatMap((each) => each.cells))
    expect(new Set(cells.map(({ summary }) => summary.metrics.latencyP50)).size).toBe(3)
  })

  test('does not run again what is known of the study itself', async () => {
    const { cells } = await resultOf(small, { seeds: 2 })
    const seen: number[] = []
    const study = await prepareSensitivity(small, { seeds: 2, switches: ['burstGuard'] })
    const found = await study.run({ known: cells, onProgress: ({ done }) => seen.push(done) })
    expect(seen).toEqual([5, 6, 7, 8])
    expect(found).toEqual(await study.run())
  })

  test('ends when its signal aborts', async () => {
    const controller = new AbortController()
    const study = await prepareSensitivity(small, { seeds: 2, switches: ['burstGuard'] })
    const onProgress = ({ done }: { done: number }) => done === 5 && controller.abort(new Error('enough'))
    await expect(study.run({ signal: controller.signal, onProgress })).rejects.toThrow('enough')
  })

  test('goes on without a strategy that fails, and names it', async () => {
    const fragile = {
      name: 'fragile',
      wrap: () => () => {
        throw new Error('It breaks.')
      },
    }
    const scenario = { ...small, strategies: ['none', 'retry-pace', fragile] }
    const found = await (await prepareSensitivity(scenario, { seeds: 2, switches: ['burstGuard'] })).run()
    expect(found.study.failed).toMatchObject([{ id: 'fragile', message: expect.stringContaining('It breaks.') }])
    expect(found.alternatives[0]!.failed).toMatchObject([{ id: 'fragile' }])
    expect(found.conclusions.flatMap(({ strategies }) => strategies)).not.toContain('fragile')
  })

  test.each([
    [{ switches: [] }, /`options\.switches` to name at least one switch, got none/],
    [
      { switches: ['windw'] },
      /`options\.switches` to name a switch of the provider, got "windw"; did you mean window\?/,
    ],
    [{ switches: ['window'], seeds: 0 }, /`options\.seeds` to be >= 1 and/],
    [{ set: ['windw=fixed'] }, /`options\.set` to change a known key/],
  ])('is refused for %j', async (options, message) => {
    await expect(prepareSensitivity(small, options)).rejects.toThrow(message)
  })
})
