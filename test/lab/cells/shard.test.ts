import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import {
  dealtTo,
  isShardFile,
  journalFile,
  type Shard,
  shardCells,
  shardFile,
  wholeStudy,
} from '../../../lab/cells/shard.ts'
import { anyStudy } from '../../golden/any-study.ts'

const shardsOf = (count: number): Shard[] => Array.from({ length: count }, (_, i) => ({ index: i + 1, count }))

/** The difference of the greatest and the smallest number. */
const spread = (numbers: readonly number[]) => Math.max(...numbers) - Math.min(...numbers)

test.prop([anyStudy, fc.integer({ min: 1, max: 20 })])(
  'the shards of any study have each cell once, and as many of each strategy as the others, or one more',
  ({ study, cells }, count) => {
    const shards = shardsOf(count).map((shard) => shardCells(study, shard))
    expect(shardsOf(count).map((shard) => dealtTo(shard, cells.length))).toEqual(shards.map(({ length }) => length))
    for (const shard of shards) expect(shard).toEqual(shard.toSorted((a, b) => a - b))
    expect(shards.flat().sort((a, b) => a - b)).toEqual([...cells.keys()])
    expect(spread(shards.map(({ length }) => length))).toBeLessThanOrEqual(1)
    for (const { case: name, strategy } of cells) {
      const ofStrategy = (i: number) => cells[i]!.case === name && cells[i]!.strategy === strategy
      expect(spread(shards.map((shard) => shard.filter(ofStrategy).length))).toBeLessThanOrEqual(1)
    }
  },
)

test('the files of a shard are named by it, and a journal does not have the name of a complete file', () => {
  const shard = { index: 2, count: 3 }
  expect([shardFile(shard), journalFile(shard), journalFile(wholeStudy)]).toEqual([
    'cells-2-of-3.jsonl',
    'cells-2-of-3.partial.jsonl',
    'cells.partial.jsonl',
  ])
  expect([shardFile(shard), journalFile(shard), journalFile(wholeStudy), 'cells.jsonl'].filter(isShardFile)).toEqual([
    'cells-2-of-3.jsonl',
  ])
})
