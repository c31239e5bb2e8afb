import { InputError } from '../src/checks/input-error.ts'
import type { Cell, StudyFacts } from '../src/compare/raw-result.ts'
import { type Shard, shardCells, shardText } from './cells/shard.ts'
import type { Job } from './experiment.ts'
import type { StudyControls } from './study-options.ts'

/** Options that observe or end a run, and let it go on from cells of an earlier one. */
export interface ResumeControls extends StudyControls {
  /** Cells from an earlier run of the same study. Their runs are not done again. Default: none. */
  readonly known?: readonly Cell[]
}

/** The same for one shard. */
export interface ShardControls extends ResumeControls {
  /** The shard whose runs are done. Default: the whole study. */
  readonly shard?: Shard
}

/** A shard of a study, with the cells of it that are known. `jobs` are all jobs of the study in the order of its cells. */
interface PartlyKnown extends Required<Pick<ShardControls, 'shard' | 'known'>> {
  readonly facts: StudyFacts
  readonly jobs: readonly Job[]
}

/**
 * Runs those jobs of a shard whose cells are not known. Returns all cells of the shard in the order of the study, without those of
 * strategies that fail. In reports of progress the known cells count as done. Rejects with an `InputError` when the shard has no runs, or a known cell is not one of it.
 */
export async function runRemaining(
  { facts, jobs, shard, known }: PartlyKnown,
  { onProgress, ...controls }: StudyControls,
  runJobs: (jobs: readonly Job[], controls: StudyControls) => Promise<Cell[]>,
): Promise<readonly Cell[]> {
  expectShard(shard, jobs.length)
  const cells = new Map<string, Cell | undefined>(shardCells(facts, shard).map((i) => [jobKey(jobs[i]!), undefined]))
  const total = cells.size
  for (const cell of known) {
    const key = jobKey({ caseName: cell.case, strategy: cell.strategy, seed: cell.seed })
    if (!cells.has(key))
      throw new InputError(`Expected \`known\` to have cells of shard ${shardText(shard)}, got ${key}`)
    cells.set(key, cell)
  }
  const remaining = jobs.filter((job) => cells.has(jobKey(job)) && !cells.get(jobKey(job)))
  const before = total - remaining.length
  const computed = await runJobs(remaining, {
    ...controls,
    ...(onProgress && { onProgress: ({ done, cell }) => onProgress({ done: before + done, total, cell }) }),
  })
  for (const [i, job] of remaining.entries()) cells.set(jobKey(job), computed[i])
  return [...cells.values()].filter((cell) => cell !== undefined)
}

/** Throws when there is no such shard, or when there are more shards than runs: then some would have none. */
export function expectShard({ index, count }: Shard, runs: number): void {
  const isShard = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count
  if (!isShard)
    throw new InputError(`Expected a shard i/n with whole numbers 1 <= i <= n, such as 1/3, got ${index}/${count}`)
  if (count > runs)
    throw new InputError(`Expected at most ${runs} shards, because the study has ${runs} runs, got ${count} shards`)
}

function jobKey({ caseName, strategy, seed }: Pick<Job, 'caseName' | 'strategy' | 'seed'>): string {
  return JSON.stringify([caseName, strategy, seed])
}
