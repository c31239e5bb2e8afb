import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch } = scratchFolder('workflow')

const workflow = readFileSync(join(root, 'examples/github/rate-limits.yml'), 'utf8')
/** The commands of the workflow by the names of their steps. Each `run` stands on one line. */
const steps = new Map(
  [...workflow.matchAll(/^ {6}- name: (.+)\n(?: {8}if: .+\n)? {8}run: (.+)$/gm)].map(([, name, run]) => [name!, run!]),
)

/** Runs a step as GitHub does, with `npx ratelab` from the sources and few seeds. The packages are installed already. */
function step(name: string, env: Record<string, string> = {}) {
  const shim = `npm() { :; }\nnpx() { shift; '${process.execPath}' '${join(root, 'cli/main.js')}' "$@"; }\n`
  return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', shim + steps.get(name)], {
    cwd: scratch,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      SCENARIO: 'burst',
      SEEDS: '6',
      RUNNER_TEMP: scratch,
      GITHUB_STEP_SUMMARY: join(scratch, 'summary.md'),
      ...env,
    },
    timeout: 120_000,
  })
}

describe('the workflow for GitHub', () => {
  test('has the steps that this test runs, and its own scenario and seeds', () => {
    expect([...steps.keys()]).toEqual([
      'Install the base',
      'Run the base',
      'Install the pull request',
      'Run the pull request and judge its thresholds',
      'Compare it with the base',
    ])
    expect(workflow.match(/^ +run:/gm)).toHaveLength(steps.size)
    expect(workflow).toMatch(/^ {2}SCENARIO: burst\n {2}SEEDS: \d+$/m)
  })

  test('passes when nothing changed, and writes the files and the job summary', () => {
    for (const name of steps.keys()) {
      const { status, stderr } = step(name)
      expect(status, `${name}: ${stderr}`).toBe(0)
    }
    expect(readFileSync(join(scratch, 'thresholds.xml'), 'utf8')).toContain('failures="0"')
    expect(readFileSync(join(scratch, 'compare.xml'), 'utf8')).toContain('failures="0"')
    const summary = readFileSync(join(scratch, 'summary.md'), 'utf8')
    expect(summary).toMatch(/^### ratelab: thresholds\n[\s\S]*\n### ratelab compare: nothing became worse\n/)
  })

  test('fails when a strategy became worse', () => {
    // The pull request: a provider that counts rejected attempts, so that those who ask at once again are never answered.
    const worse = join(scratch, 'worse')
    cpSync(join(scratch, 'base'), join(worse, 'base'), { recursive: true })
    const change = ['--seeds', '6', '--set', 'rejectsCount=true', '--out', join(worse, 'head')]
    expect(spawnSync(process.execPath, [join(root, 'cli/main.js'), 'run', 'burst', ...change]).status).toBe(0)
    const { status, stdout, stderr } = step('Compare it with the base', { RUNNER_TEMP: worse })
    expect(status, stderr).toBe(4)
    expect(stdout).toMatch(/▼ worse/)
    expect(readFileSync(join(worse, 'compare.xml'), 'utf8')).toMatch(
      /<failure message="Expected \S+ not to become worse/,
    )
  })
})
