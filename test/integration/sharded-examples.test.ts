import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { scratchFolder } from '../scratch-folder.ts'

// There is no cluster and no runner here. The tests run the commands of the manifests as these would, with fewer seeds.

const root = resolve(import.meta.dirname, '../..')
const main = join(root, 'cli/main.js')
const { scratch } = scratchFolder('sharded')

const textOf = (path: string) => readFileSync(join(root, 'examples', path), 'utf8')

/** Runs ratelab with these arguments. A `run` gets fewer seeds and fewer calls; the last value of an option counts. */
function ratelab(args: readonly string[], env: Record<string, string> = {}, cwd = scratch): void {
  const fewer = args[0] === 'run' ? ['--seeds', '4', '--set', 'arrivals.until=5000'] : []
  const { JOB_COMPLETION_INDEX, RATELAB_SHARDS, CI_NODE_INDEX, CI_NODE_TOTAL, ...rest } = process.env
  const ran = spawnSync(process.execPath, [main, ...args, ...fewer], {
    cwd,
    encoding: 'utf8',
    env: { ...rest, ...env },
  })
  expect([ran.status, ran.stderr]).toEqual([0, expect.not.stringContaining('Expected')])
}

const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

beforeAll(() => ratelab(['run', 'steady', '--out', join(scratch, 'whole')]))

/** Expects the folder to have the report that one run writes. */
function expectWholeReport(folder: string): void {
  for (const name of ['cells.jsonl', 'report.md', 'report.json'])
    expect(readFileSync(join(folder, name), 'utf8')).toBe(
      readFileSync(join(scratch, 'whole/steady-custom', name), 'utf8'),
    )
}

describe('the manifests for Kubernetes', () => {
  const jobs = ['shards', 'merge'].map((name) => {
    const documents = parseAllDocuments(textOf(`kubernetes/${name}.yaml`))
    expect(documents.flatMap(({ errors }) => errors)).toEqual([])
    return documents.map((document) => document.toJS()).find(({ kind }) => kind === 'Job')
  })
  const containerOf = (job: { spec: { template: { spec: { containers: object[] } } } }) =>
    job.spec.template.spec.containers[0] as {
      command: string[]
      env?: { name: string; value: string }[]
      volumeMounts: { mountPath: string }[]
    }

  test('run one version of ratelab, and as many shards as there are pods', () => {
    const [shards, merge] = jobs
    expect(shards.spec.completionMode).toBe('Indexed')
    expect(shards.spec.parallelism).toBe(shards.spec.completions)
    expect(containerOf(shards).env).toEqual([{ name: 'RATELAB_SHARDS', value: `${shards.spec.completions}` }])
    const versions = [shards, merge].map((job) => containerOf(job).command.slice(0, 3).join(' '))
    expect(versions[0]).toMatch(/^npx --yes ratelab@\d+\.\d+\.\d+$/)
    expect(versions[1]).toBe(versions[0])
  })

  test('write the report that one run writes', () => {
    const volume = join(scratch, 'volume')
    const [shards, merge] = jobs
    const argsOf = (job: typeof shards) => {
      const { command, volumeMounts } = containerOf(job)
      return command.slice(3).map((arg) => (arg === volumeMounts[0]!.mountPath ? volume : arg))
    }
    for (let index = shards.spec.completions - 1; index >= 0; index--) {
      const env = Object.fromEntries(containerOf(shards).env!.map(({ name, value }) => [name, value]))
      ratelab(argsOf(shards), { ...env, JOB_COMPLETION_INDEX: `${index}` })
    }
    ratelab(argsOf(merge))
    expectWholeReport(join(volume, 'steady-custom'))
  })
})

test('the workflow for GitHub writes the report that one run writes', () => {
  const { jobs } = parse(textOf('github/sharded.yml'))
  interface Step {
    readonly run?: string
    readonly uses?: string
    readonly with?: Readonly<Record<string, string>>
  }
  const numbers: number[] = jobs.shard.strategy.matrix.shard
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  const artifacts = join(scratch, 'artifacts')

  /** Does the steps of a job in a folder of its own. Steps that prepare the machine are left out. */
  const runJob = (steps: readonly Step[], name: string, shard = 0) => {
    const cwd = join(scratch, name)
    mkdirSync(cwd)
    for (const step of steps) {
      const filled = (text: string) =>
        text
          .replaceAll('$' + '{{ matrix.shard }}', `${shard}`)
          .replaceAll('$' + '{{ strategy.job-total }}', `${numbers.length}`)
      const [npx, program, ...args] = filled(step.run ?? '').split(' ')
      if (npx === 'npx') {
        expect(program).toBe('ratelab')
        ratelab(args, {}, cwd)
      } else if (step.uses?.startsWith('actions/upload-artifact@'))
        cpSync(join(cwd, step.with!.path!), join(artifacts, filled(step.with!.name!)), { recursive: true })
      else if (step.uses?.startsWith('actions/download-artifact@')) {
        const pattern = new RegExp(`^${step.with!.pattern!.replace('*', '.*')}$`)
        for (const artifact of readdirSync(artifacts).filter((each) => pattern.test(each)))
          cpSync(join(artifacts, artifact), join(cwd, step.with!.path!, artifact), { recursive: true })
      } else if (step.run?.startsWith('cat ')) expect(filesIn(cwd)).toContain(step.run.split(' ')[1])
    }
  }

  for (const shard of numbers) runJob(jobs.shard.steps, `shard-${shard}`, shard)
  expect(jobs.merge.needs).toBe('shard')
  runJob(jobs.merge.steps, 'merge')
  expectWholeReport(join(artifacts, 'report/steady-custom'))
})
