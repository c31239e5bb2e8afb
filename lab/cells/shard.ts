import type { StudyFacts } from '../../src/compare/raw-result.ts'

/** One of several parts of a study. Together the parts have every cell once. */
export interface Shard {
  /** The number of the part, from 1 to `count`. */
  readonly index: number
  /** The number of parts. 1: the part is the whole study. */
  readonly count: number
}

/** The shard that is the whole study. */
export const wholeStudy: Shard = { index: 1, count: 1 }

/** Returns the shard as `--shard` takes it, such as `2/3`. */
export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`
}

// The cells of a study are dealt out to its shards in turn: case by case, strategy by strategy, seed by seed. So the seeds of a slow
// strategy are spread evenly. In the order of the study itself, which is seed by seed, a slow strategy could fall into one shard:
// with three strategies and three shards each shard would run one strategy.

/** Whether the shard has the cell that is dealt out after `before` others. */
export function isDealtTo({ index, count }: Shard, before: number): boolean {
  return before % count === index - 1
}

/** Returns how many of the cells of a study a shard has. */
export function dealtTo({ index, count }: Shard, cells: number): number {
  return Math.max(0, Math.ceil((cells - (index - 1)) / count))
}

/** Returns the indexes of a shard's cells in the order of the study, ascending. */
export function shardCells({ cases, seeds }: StudyFacts, shard: Shard): number[] {
  const indexes: number[] = []
  let firstCell = 0
  let dealt = 0
  for (const { contestants } of cases) {
    for (let strategy = 0; strategy < contestants.length; strategy++)
      for (let seed = 0; seed < seeds.length; seed++)
        if (isDealtTo(shard, dealt++)) indexes.push(firstCell + seed * contestants.length + strategy)
    firstCell += contestants.length * seeds.length
  }
  return indexes.sort((a, b) => a - b)
}

/** Returns the name of the file with the cells of a shard. */
export function shardFile({ index, count }: Shard): string {
  return `cells-${index}-of-${count}.jsonl`
}

/** Whether a file has the name of a shard's file. */
export function isShardFile(name: string): boolean {
  return /^cells-\d+-of-\d+\.jsonl$/.test(name)
}

/** Returns the name of the file to which the run of a shard adds each cell when it is computed. */
export function journalFile(shard: Shard): string {
  return shard.count === 1 ? 'cells.partial.jsonl' : shardFile(shard).replace('.jsonl', '.partial.jsonl')
}
