import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scenarioNames } from '../../lab/load-scenario.ts'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch: out } = scratchFolder('reports')
/** The scenarios whose reports are committed. Other folders are from runs with options; test/integration/clients.test.ts measures `clients` again. */
const committed = scenarioNames().filter((name) => existsSync(join(root, 'reports', name, 'report.json')))
/** The path of the recorded trace of reports/replay, which is not part of the project. */
const trace = process.env.RATELAB_TRACE

/** The scenarios that take minutes. `npm run check:long` runs them as well. */
const long = ['field', 'fleet']

describe('committed reports are the same as those that the code writes now', () => {
  test('there are committed reports', () => expect(committed).toEqual(expect.arrayContaining(['burst', 'steady'])))

  test.for(committed)('%s', { timeout: 900_000 }, (name, { skip }) => {
    if (long.includes(name) && !process.env.RATELAB_LONG) skip('it takes minutes: npm run check:long runs it')
    const needsTrace = name === 'replay'
    if (needsTrace && !trace) skip('RATELAB_TRACE does not name the recorded trace of reports/replay')
    const args = ['cli/main.js', 'run', name, '--out', out, ...(needsTrace ? ['--trace', trace!] : [])]
    const env = { ...process.env, COLUMNS: '' }
    // A sensitivity that is in the folder of a report is part of the report. findings.test.ts holds it to the code.
    const sensitivity = join(root, 'reports', name, 'sensitivity.json')
    mkdirSync(join(out, name))
    if (existsSync(sensitivity)) cpSync(sensitivity, join(out, name, 'sensitivity.json'))
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
    expect(status, stderr).toBe(0)
    for (const file of ['report.md', 'report.json']) {
      const [mine, theirs] = [join(out, name), join(root, 'reports', name)].map((f) =>
        readFileSync(join(f, file), 'utf8'),
      )
      expect(mine === theirs, `reports/${name}/${file} is out of date: run npm run scenario ${name}`).toBe(true)
    }
    // The README opens with the first case of the output of burst.
    if (name === 'burst') {
      const first = stdout.slice(0, stdout.indexOf('\n\n300 calls at once'))
      expect(first.length).toBeGreaterThan(1000)
      expect(readFileSync(join(root, 'README.md'), 'utf8').includes(first), 'the README shows another output').toBe(
        true,
      )
    }
  })
})
