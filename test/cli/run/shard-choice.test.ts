import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { shardOfEnvironment, shardOption } from '../../../cli/run/shard-choice.ts'
import { wholeStudy } from '../../../lab/cells/shard.ts'

/** Any shard of at least two. */
const anyShard = fc
  .integer({ min: 2, max: 500 })
  .chain((count) => fc.record({ index: fc.integer({ min: 1, max: count }), count: fc.constant(count) }))

describe('--shard', () => {
  test.prop([anyShard])('takes i/n', (shard) => {
    expect(shardOption(`${shard.index}/${shard.count}`)).toEqual(shard)
  })

  test.each(['', '1', '0/3', '4/3', '1/0', '-1/3', '1.5/3', '1/3/5', ' 1/3', '1 / 3', 'a/b', '1e0/3', '1/9999999999'])(
    'refuses %j',
    (text) => {
      expect(() => shardOption(text)).toThrow(
        `Expected \`--shard\` to be i/n with whole numbers 1 <= i <= n, such as 1/3 for the first of three, got ${text}.`,
      )
    },
  )
})

describe('the environment of a job', () => {
  test.prop([anyShard, fc.nat(5), fc.integer({ min: 1, max: 4 })])(
    'means its shard, for every scheduler',
    ({ index, count }, first, step) => {
      const at = (i: number) => `${first + step * i}`
      const environments: Record<string, string>[] = [
        { JOB_COMPLETION_INDEX: `${index - 1}`, RATELAB_SHARDS: `${count}` },
        { AWS_BATCH_JOB_ARRAY_INDEX: `${index - 1}`, AWS_BATCH_JOB_ARRAY_SIZE: `${count}` },
        { AWS_BATCH_JOB_ARRAY_INDEX: `${index - 1}`, RATELAB_SHARDS: `${count}` },
        { CI_NODE_INDEX: `${index}`, CI_NODE_TOTAL: `${count}` },
        {
          SLURM_ARRAY_TASK_ID: at(index - 1),
          SLURM_ARRAY_TASK_COUNT: `${count}`,
          SLURM_ARRAY_TASK_MIN: at(0),
          SLURM_ARRAY_TASK_MAX: at(count - 1),
        },
      ]
      for (const env of environments) {
        const choice = shardOfEnvironment({ PATH: '/bin', ...env })
        expect([choice.shard, env]).toEqual([{ index, count }, env])
        const [name, value] = Object.entries(env)[0]!
        expect(choice.note).toMatch(`Shard ${index}/${count} by ${name}=${value} and `)
        expect(choice.note).toMatch(/--shard 1\/1 runs the whole study\.$/)
      }
    },
  )

  test.each<[string, Record<string, string>]>([
    ['without a scheduler', { PATH: '/bin' }],
    ['of a single GitLab job', { CI_NODE_TOTAL: '1' }],
    ['of one job of one', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '1' }],
    ['of one Slurm task', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '1', SLURM_ARRAY_TASK_MIN: '7' }],
  ])('means the whole study %s', (_what, env) => {
    expect(shardOfEnvironment(env)).toEqual({ shard: wholeStudy })
  })

  test('means the whole study, and says so, when the number of shards is not known', () => {
    const { shard, note } = shardOfEnvironment({ JOB_COMPLETION_INDEX: '1' })
    expect(shard).toEqual(wholeStudy)
    expect(note).toMatch(/^JOB_COMPLETION_INDEX is set, but the number of shards is not known: .* Set RATELAB_SHARDS/)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'an index beyond the last',
      { JOB_COMPLETION_INDEX: '3', RATELAB_SHARDS: '3' },
      /`JOB_COMPLETION_INDEX` to be a whole number >= 0 and <= 2, got "3"/,
    ],
    [
      'an index before the first',
      { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '3' },
      /`CI_NODE_INDEX` to be a whole number >= 1 and <= 3, got "0"/,
    ],
    [
      'an index that is no number',
      { AWS_BATCH_JOB_ARRAY_INDEX: 'x', AWS_BATCH_JOB_ARRAY_SIZE: '3' },
      /`AWS_BATCH_JOB_ARRAY_INDEX` .* got "x"/,
    ],
    [
      'a number of shards that is none',
      { JOB_COMPLETION_INDEX: '0', RATELAB_SHARDS: '' },
      /`RATELAB_SHARDS` .* got ""/,
    ],
    [
      'no first index of Slurm',
      { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '3' },
      /`SLURM_ARRAY_TASK_MIN` .* got undefined/,
    ],
    [
      'Slurm tasks with unequal distances',
      { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_MAX: '7' },
      /to have equal distances, got 3 of them between 1 and 7/,
    ],
    [
      'a number of shards without an index',
      { RATELAB_SHARDS: '3' },
      /`RATELAB_SHARDS` beside the index of a job .* got no index/,
    ],
    [
      'two schedulers that do not agree',
      { JOB_COMPLETION_INDEX: '0', RATELAB_SHARDS: '3', CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' },
      /to mean one shard, got two/,
    ],
  ])('is refused with %s', (_what, env, message) => {
    expect(() => shardOfEnvironment(env)).toThrow(message)
    expect(() => shardOfEnvironment(env)).toThrow(/Pass `--shard i\/n`; `--shard 1\/1` runs the whole study\.$/)
  })
})
