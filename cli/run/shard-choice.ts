import { InvalidArgumentError } from 'commander'
import { type Shard, shardText, wholeStudy } from '../../lab/cells/shard.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { show } from '../../src/core/expect.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The variable with which a user tells the number of shards where the scheduler does not, as Kubernetes does not. */
const ownCount = 'RATELAB_SHARDS'

/** The variables with which a scheduler tells a job which one of several it is. */
interface Scheduler {
  readonly index: string
  /** The variable with the number of jobs. Default: the scheduler has none, and `ownCount` is read. */
  readonly count?: string
  /** The index of the first job, or the variable that has it. */
  readonly first: number | string
  /** The variable with the index of the last job, if indexes may have gaps. */
  readonly last?: string
}

const schedulers: readonly Scheduler[] = [
  { index: 'JOB_COMPLETION_INDEX', first: 0 },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE', first: 0 },
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    last: 'SLURM_ARRAY_TASK_MAX',
  },
  { index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1 },
]

const switchOff = 'Pass `--shard i/n`; `--shard 1/1` runs the whole study.'

/** The shard that a run has, and a line for standard error when it does not follow from the command line alone. */
export interface ShardChoice {
  readonly shard: Shard
  readonly note?: string
}

/** Reads the value of `--shard`, such as `2/3`. */
export function shardOption(text: string): Shard {
  const [, index, count] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number)
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count }
  throw new InvalidArgumentError(
    `Expected \`--shard\` to be i/n with whole numbers 1 <= i <= n, such as 1/3 for the first of three, got ${text}.`,
  )
}

/**
 * Returns the shard that the environment of a scheduler's job means. It is the whole study when there is no such environment, or only
 * one job. Throws an `InputError` for values that do not fit together.
 */
export function shardOfEnvironment(env: Environment): ShardChoice {
  const present = schedulers.filter(({ index }) => env[index] !== undefined)
  if (present.length === 0 && env[ownCount] !== undefined)
    throw new InputError(
      `Expected \`${ownCount}\` beside the index of a job (${schedulers.map(({ index }) => index).join(', ')}), got no index. ${switchOff}`,
    )
  const choices = present.map((scheduler) => choiceOf(scheduler, env)).filter((choice) => choice !== undefined)
  const [first, second] = choices
  if (first && second && shardText(first.shard) !== shardText(second.shard))
    throw new InputError(
      `Expected the environment to mean one shard, got two. ${first.note} ${second.note} ${switchOff}`,
    )
  return first ?? { shard: wholeStudy }
}

function choiceOf(scheduler: Scheduler, env: Environment): ShardChoice | undefined {
  const { index, first, last } = scheduler
  const count = scheduler.count !== undefined && env[scheduler.count] !== undefined ? scheduler.count : ownCount
  if (env[count] === undefined)
    return {
      shard: wholeStudy,
      note: `${index} is set, but the number of shards is not known: this is a run of the whole study. Set ${ownCount}, or pass --shard i/n.`,
    }
  const shards = numberIn(env, count, 1, 1e9)
  if (shards === 1) return undefined
  const start = typeof first === 'number' ? first : numberIn(env, first, 0, 1e9)
  const end = last === undefined || env[last] === undefined ? start + shards - 1 : numberIn(env, last, start, 1e9)
  const step = (end - start) / (shards - 1)
  const place = (numberIn(env, index, start, end) - start) / step
  if (!Number.isInteger(step) || !Number.isInteger(place))
    throw new InputError(
      `Expected the indexes from \`${first}\` to \`${last}\` to have equal distances, got ${shards} of them between ${start} and ${end}. ${switchOff}`,
    )
  const shard = { index: place + 1, count: shards }
  return {
    shard,
    note: `Shard ${shardText(shard)} by ${index}=${env[index]} and ${count}=${env[count]}; --shard 1/1 runs the whole study.`,
  }
}

function numberIn(env: Environment, name: string, least: number, most: number): number {
  const text = env[name] ?? ''
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new InputError(
    `Expected the environment variable \`${name}\` to be a whole number >= ${least} and <= ${most}, got ${show(env[name])}. ${switchOff}`,
  )
}
