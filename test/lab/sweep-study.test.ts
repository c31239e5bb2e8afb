import { expect, test } from 'vitest'
import { prepareStudy } from '../../lab/study.ts'
import { sweepsOf } from '../../src/compare/sweeps.ts'
import { resultOf } from './result-of.ts'
import { few, small } from './small-study.ts'

const sweep = '50%..150%/3'

test('a study with a sweep has a case for each load, and its own load has the cells of the study without it', async () => {
  const { study, cells, comparison } = await resultOf(small, { seeds: [1, 2], sweep })
  expect(study.changed).toContain(`--sweep ${sweep}`)
  expect(study.cases.map(({ name, title, sweep: point }) => [name, title, point])).toEqual([
    ['batch-at-50', '40 calls at once, at 50 % of this load', { of: 'batch', load: 0.5 }],
    ['batch-at-100', '40 calls at once, at 100 % of this load', { of: 'batch', load: 1 }],
    ['batch-at-150', '40 calls at once, at 150 % of this load', { of: 'batch', load: 1.5 }],
  ])
  const own = await resultOf(small, { seeds: [1, 2] })
  const atOwnLoad = cells.filter((cell) => cell.case === 'batch-at-100')
  expect(atOwnLoad.map(({ summary }) => summary)).toEqual(own.cells.map(({ summary }) => summary))
  expect(sweepsOf(comparison).map(({ of, points }) => [of, points.length])).toEqual([['batch', 3]])
})

test('a study that runs in the calling thread has the same sweep', async () => {
  const generated = { ...few, arrivals: { kind: 'custom' as const, generate: () => new Array(40).fill(0) } }
  const onWorkers = await resultOf(small, { seeds: [1], sweep })
  const inThread = await resultOf({ ...small, cases: [generated] }, { seeds: [1], sweep })
  expect(inThread.cells).toEqual(onWorkers.cells)
})

test('a wrong sweep is an error that names the option', async () => {
  await expect(prepareStudy(small, { sweep: '1..2' })).rejects.toThrow(
    /^Expected `options\.sweep` to be two ascending loads/,
  )
  await expect(prepareStudy(small, { sweep: 3 as never })).rejects.toThrow(/got 3$/)
})
