import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type Shard, shardCells } from '../../lab/cells/shard.ts'
import { prepareStudy } from '../../lab/study.ts'
import burst from '../../scenarios/burst.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { resultOf } from './result-of.ts'

/** It has a generator, so it runs in the calling thread, where a run of three calls takes a few milliseconds. */
const tiny: Scenario = {
  ...burst,
  name: 'tiny',
  strategies: ['none', 'queue', 'retry-pace'],
  cases: [
    { ...burst.cases[0]!, title: 'Three calls', arrivals: { kind: 'custom', generate: () => [0, 0, 0] } },
    {
      ...burst.cases[0]!,
      name: 'other',
      title: 'One call',
      arrivals: { kind: 'at-once', calls: 1 },
      strategies: ['none'],
    },
  ],
}
const options = { seeds: [1, 2] }
const whole = await resultOf(tiny, options)
const study = await prepareStudy(tiny, options)

const shards: Shard[] = [
  { index: 1, count: 1 },
  { index: 1, count: 3 },
  { index: 2, count: 3 },
  { index: 3, count: 3 },
]
const cellsOf = (shard: Shard) => shardCells(whole.study, shard).map((i) => whole.cells[i]!)

/** A shard, and some of its cells in any order. */
const anyKnown = fc
  .constantFrom(...shards)
  .chain((shard) => fc.record({ shard: fc.constant(shard), known: fc.shuffledSubarray(cellsOf(shard)) }))

describe('a study or a shard of it', () => {
  test.prop([anyKnown], { numRuns: 40 })(
    'runs only what is not known, and gives the cells that one run gives',
    async ({ shard, known }) => {
      const progress: [number, number][] = []
      const onProgress = ({ done, total }: { done: number; total: number }) => progress.push([done, total])
      const { cells } = await study.cells({ shard, known, onProgress })
      const expected = cellsOf(shard)
      expect(cells).toEqual(expected)
      expect(JSON.stringify(cells)).toBe(JSON.stringify(expected))
      const remaining = expected.length - known.length
      expect(progress).toEqual(Array.from({ length: remaining }, (_, i) => [known.length + i + 1, expected.length]))
    },
  )

  test('is the whole study by default', async () => {
    expect(await study.cells()).toEqual({ cells: whole.cells, failures: [] })
  })

  test('runs on workers as well', async () => {
    const onWorkers = await prepareStudy('burst', { seeds: [1, 2], set: ['arrivals.calls=20'], strategies: ['none'] })
    const { cells } = await onWorkers.cells()
    const [first, ...others] = cells
    expect((await onWorkers.cells({ known: others })).cells).toEqual(cells)
    expect((await onWorkers.cells({ known: [first!], shard: { index: 1, count: 2 } })).cells).toEqual(
      shardCells(onWorkers.facts, { index: 1, count: 2 }).map((i) => cells[i]),
    )
    expect((await onWorkers.cells({ known: cells })).cells).toEqual(cells)
  })

  test.each([
    [{ index: 0, count: 3 }, /Expected a shard i\/n with whole numbers 1 <= i <= n, such as 1\/3, got 0\/3/],
    [{ index: 4, count: 3 }, /got 4\/3/],
    [{ index: 1.5, count: 3 }, /got 1\.5\/3/],
    [{ index: 1, count: 9 }, /Expected at most 8 shards, because the study has 8 runs, got 9 shards/],
  ])('refuses the shard %o', async (shard, message) => {
    await expect(study.cells({ shard })).rejects.toThrow(message)
  })

  test('refuses a known cell of another shard or study', async () => {
    const foreign = { ...whole.cells[0]!, seed: 7 }
    await expect(study.cells({ known: [foreign] })).rejects.toThrow('Expected `known` to have cells of shard 1/1, got')
    const shard = { index: 1, count: 3 }
    const [other] = cellsOf({ index: 2, count: 3 })
    await expect(study.cells({ shard, known: [other!] })).rejects.toThrow('of shard 1/3')
  })
})
