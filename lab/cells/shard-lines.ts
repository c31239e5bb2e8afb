import { createHash, type Hash } from 'node:crypto'
import type { Cell, StudyFacts } from '../../src/compare/raw-result.ts'
import { cellsFormat, jsonLine } from './cell-lines.ts'
import type { Shard } from './shard.ts'
import type { StrategyFailure } from './strategy-failures.ts'

/** The name and version of the format of a shard's file, and of the journal of a run that has not ended. */
export const shardFormat = 'ratelab.shard/2'

/**
 * What the cells of a study depend on besides its facts. Runs with the same facts and the same origin compute the same cells. A
 * digest is the first half of a SHA-256, in hexadecimal.
 */
export interface Origin {
  /** The version of ratelab. */
  readonly version: string
  /** A digest of ratelab's own code. It tells two commits of the same version apart. */
  readonly code: string
  /** A digest of what the user gave: the scenario with its settings, own strategies, the trace, and the files that were loaded for them. */
  readonly input: string
}

/** The first line of a shard's file: which cells of which study are in it, and what they were computed from. */
export interface ShardHeader {
  readonly origin: Origin
  readonly shard: Shard
  readonly study: StudyFacts
  /** The thresholds of the scenario. They are judged when the shards are joined, because a shard has no means. */
  readonly thresholds: readonly string[]
}

/**
 * Yields the cells of a shard as lines of JSON, each with its line feed, after a line with the header. The strategies that failed in the shard
 * follow, and have no cells in it. Default: none failed.
 */
export function* shardLines(
  header: ShardHeader,
  cells: Iterable<Cell>,
  failures: Iterable<StrategyFailure> = [],
): Generator<string> {
  const first = headerLine(header)
  yield first
  const lineOf = cellLineWriter(first)
  for (const cell of cells) yield lineOf(cell)
  const digestOf = cellDigester(first)
  for (const failed of failures) yield jsonLine({ digest: digestOf(failed), failed })
}

/** Returns the first line of a shard's file. */
export function headerLine({ origin, shard, thresholds, study }: ShardHeader): string {
  return jsonLine({ schema: shardFormat, origin, shard, thresholds, study: { schema: cellsFormat, ...study } })
}

/** Returns a function that writes a cell as a line of the file whose first line is `header`. */
export function cellLineWriter(header: string): (cell: object) => string {
  const digestOf = cellDigester(header)
  return (cell) => jsonLine({ digest: digestOf(cell), cell })
}

/**
 * Returns a function that computes the digest of a cell, or of a strategy that failed, in the file whose first line is `header`. It tells a cell that was changed,
 * or that was copied from the file of another study or shard.
 */
export function cellDigester(header: string): (cell: object) => string {
  const key = digest(header.trimEnd())
  return (cell) => digest(`${key}${jsonLine(cell)}`)
}

/** Returns the digest of a text. */
export function digest(content: string): string {
  return shortDigest(createHash('sha256').update(content))
}

/** Returns the digest of what a hash was given. */
export function shortDigest(hash: Hash): string {
  return hash.digest('hex').slice(0, 32)
}
