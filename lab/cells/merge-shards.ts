import { InputError } from '../../src/checks/input-error.ts'
import type { Cell, RawResult, StudyFacts } from '../../src/compare/raw-result.ts'
import { jsonLine } from './cell-lines.ts'
import { commandText } from './object-lines.ts'
import { type ReadShard, readShard } from './read-shard.ts'
import { shardText } from './shard.ts'
import type { ShardHeader } from './shard-lines.ts'
import { StrategyFailures } from './strategy-failures.ts'

interface ShardOfFile extends ReadShard {
  readonly path: string
}

/** The raw result of a whole study, and the thresholds of its scenario, which the caller may judge. */
export interface MergedResult extends RawResult {
  readonly thresholds: readonly string[]
}

/**
 * Reads the files of all shards of a study, in any order, and returns the result of the whole study: the same that one run gives.
 * A strategy that failed in one shard is left out. Rejects with an `InputError` when a file is damaged, when a shard is missing or given twice,
 * when the shards are not of the same study, and when a case has no other strategy than those that failed.
 */
export async function mergeShards(paths: readonly string[]): Promise<MergedResult> {
  const shards: ShardOfFile[] = []
  for (const path of paths) shards.push({ path, ...(await readShard(path)) })
  const [first, ...others] = shards
  if (!first) throw new InputError('Expected the files of shards, got none', 'SHARDS_INVALID')
  for (const other of others) expectSameStudy(first, other)
  expectEachOnce(shards)
  const { study, thresholds } = first.header
  const places = new Map(placesOf(study).map((key, place) => [key, place]))
  const failures = new StrategyFailures()
  const cells: Cell[] = []
  for (const shard of shards) {
    for (const failure of shard.failures) failures.add(places.get(placeKey(failure))!, failure)
    for (const cell of shard.cells) cells[places.get(placeKey(cell))!] = cell
  }
  return {
    study: failures.factsWithout(study),
    cells: cells.filter((cell) => cell && !failures.has(cell.strategy)),
    thresholds,
  }
}

/** The keys of all cells in the order of the study. */
function placesOf({ cases, seeds }: StudyFacts): string[] {
  return cases.flatMap(({ name, contestants }) =>
    seeds.flatMap((seed) => contestants.map(({ id }) => placeKey({ case: name, strategy: id, seed }))),
  )
}

function placeKey({ case: name, strategy, seed }: Pick<Cell, 'case' | 'strategy' | 'seed'>): string {
  return JSON.stringify([name, strategy, seed])
}

function expectSameStudy(first: ShardOfFile, other: ShardOfFile): void {
  const difference = differenceOf(first.header, other.header)
  if (!difference) return
  const { study, shard } = first.header
  const { index } = other.header.shard
  const again = index <= shard.count ? `, or run ${commandText(study, { ...shard, index })} in its place` : ''
  throw new InputError(
    `Expected shards of one study, but ${first.path} and ${other.path} differ in ${difference}. Leave one of them out${again}.`,
    'SHARDS_INVALID',
  )
}

/** Throws when a shard is missing or given twice. The message names the commands that run the missing shards. */
function expectEachOnce(shards: readonly ShardOfFile[]): void {
  const { study, shard } = shards[0]!.header
  const paths = new Map<number, string>()
  for (const { header, path } of shards) {
    const { index } = header.shard
    const earlier = paths.get(index)
    if (earlier !== undefined)
      throw new InputError(
        `Expected each shard once, but ${earlier} and ${path} are both shard ${shardText(header.shard)}. Leave one of them out.`,
        'SHARDS_INVALID',
      )
    paths.set(index, path)
  }
  const missing = Array.from({ length: shard.count }, (_, i) => ({ index: i + 1, count: shard.count })).filter(
    ({ index }) => !paths.has(index),
  )
  if (missing.length === 0) return
  const shown = missing.slice(0, 10)
  const more = missing.length > shown.length ? ` (and ${missing.length - shown.length} more)` : ''
  throw new InputError(
    `Expected ${shard.count} shards, got ${shards.length}: missing ${shown.map(shardText).join(', ')}${more}. ` +
      `Run ${shown.map((each) => commandText(study, each)).join(', ')}${more}, and merge again with all files.`,
    'SHARDS_INVALID',
  )
}

/** Returns what makes two shards belong to different studies, in words that follow "differ in", or undefined when nothing does. */
export function differenceOf(a: ShardHeader, b: ShardHeader): string | undefined {
  const { version, code, input } = a.origin
  if (version !== b.origin.version) return `the version of ratelab (${version} and ${b.origin.version})`
  const fact = factNames.find(([key]) => jsonLine({ value: a.study[key] }) !== jsonLine({ value: b.study[key] }))
  if (fact) return fact[1]
  if (jsonLine(a.thresholds) !== jsonLine(b.thresholds)) return 'the thresholds of the scenario'
  if (code !== b.origin.code) return 'the code of ratelab: they are of two commits'
  if (input !== b.origin.input)
    return 'the content of the scenario’s file, of the trace, of a strategy, or of a file that one of them imports'
  if (a.shard.count !== b.shard.count) return `the number of shards (${a.shard.count} and ${b.shard.count})`
  return undefined
}

/** The facts of a study, and what they are called in messages. */
const factNames: readonly (readonly [key: keyof StudyFacts, name: string])[] = [
  ['scenario', 'the scenario'],
  ['seeds', 'the seeds'],
  ['profile', 'the profile'],
  ['switches', 'the switches of the provider'],
  ['replayed', 'the rows of the trace that are replayed'],
  ['cases', 'the cases or their strategies'],
  ['changed', 'the options of the run'],
]
