import { describe, expect, test } from 'vitest'
import { StrategyFailures } from '../../lab/cells/strategy-failures.ts'
import type { Job } from '../../lab/experiment.ts'
import { runOnPool } from '../../lab/pool.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { few, small } from './small-study.ts'

const { file } = scratchFolder('pool')

/** Runs a strategy beside one of the catalogue. Code of the user that does not give way is ended after 2 s instead of 30 s. */
async function played(scenario: Scenario | string, path: string) {
  const failures = new StrategyFailures()
  const setup = {
    scenario: typeof scenario === 'string' ? { file: scenario, settings: { set: [] } } : scenario,
    strategies: [path, 'none'],
    recorded: undefined,
  }
  const jobs: Job[] = [1, 2].flatMap((seed) =>
    ['stuck', 'none'].map((strategy) => ({
      caseName: 'batch',
      strategy,
      seed,
      withSeries: false,
      isRepeated: seed === 1,
    })),
  )
  const cells = await runOnPool(setup, jobs, {}, failures, 2000)
  return { cells, hasFailed: failures.has('stuck'), failures }
}

const facts = {
  cases: [{ contestants: [{ id: 'stuck' }, { id: 'none' }] }],
} as unknown as Parameters<StrategyFailures['factsWithout']>[0]

describe('a strategy that never gives way is ended and told by name; the rows of the others are right', () => {
  test.each([
    ['in a loop', '() => () => { for (;;); }'],
    ['in `wrap`', '() => { for (;;); }'],
    ['in a loop that awaits what is there', '() => async () => { for (;;) await null }'],
    [
      'in a loop of microtasks',
      '() => () => new Promise(() => { const again = () => queueMicrotask(again); again() })',
    ],
    ['in a loop of ticks', '() => () => new Promise(() => { const again = () => process.nextTick(again); again() })'],
    [
      'in a loop of rejections',
      '(next) => async (call) => { for (;;) await next({ ...call, signal: { aborted: true } }).catch(() => {}) }',
    ],
    ['in a `then`', "() => () => ({ ['then']() { for (;;); } })"],
  ])('%s', { timeout: 30_000 }, async (_what, wrap) => {
    const path = file('stuck.ts', `export default { name: 'stuck', wrap: ${wrap} }`)
    const { cells, failures } = await played(small, path)
    expect(failures.factsWithout(facts).failed).toEqual([
      {
        id: 'stuck',
        message: expect.stringMatching(
          /^Expected stuck \(\S+stuck\.ts\) to answer every call, but: it never gives way: .*seed 1\)$/,
        ),
      },
    ])
    expect(cells.filter(Boolean).map(({ strategy, seed }) => `${strategy} ${seed}`)).toEqual(['none 1', 'none 2'])
  })

  test('while it loads on a worker', { timeout: 30_000 }, async () => {
    const path = file(
      'stuck.ts',
      "import { isMainThread } from 'node:worker_threads'\nif (!isMainThread) await new Promise(() => {})\nexport default { name: 'x', wrap: (n) => n }",
    )
    await expect(played(small, path)).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringMatching(/^Expected \S+stuck\.ts to load on a worker, but: it is still loading/),
    })
  })

  test('and so is a generator of arrivals', { timeout: 30_000 }, async () => {
    const scene = file(
      'scene.ts',
      `export default { ...${JSON.stringify(small)}, cases: [{ ...${JSON.stringify(few)}, title: 'x', arrivals: { kind: 'custom', generate() { for (;;); } } }] }`,
    )
    await expect(played(scene, 'retry-full')).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringMatching(
        /^Expected the arrivals of case `batch` of \S+scene\.ts to be generated, but: it never gives way/,
      ),
    })
  })
})
