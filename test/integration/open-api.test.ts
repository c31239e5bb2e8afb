import { spawnSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { interpreter, pythonVersions } from '../../clients/python.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { killAll, startServer } from './program.ts'

// Schemathesis makes right and wrong requests from the OpenAPI document of a control plane, and compares every reply with the document.
const { scratch } = scratchFolder('open-api')
afterAll(killAll)

const versions = pythonVersions(['schemathesis'])
/** The reason why the tests are skipped. In CI they are never skipped. */
const skipReason = process.env.CI !== 'true' && typeof versions === 'string' ? versions : undefined
if (skipReason) console.warn(`Schemathesis is skipped: ${skipReason}`)

test.for<[string, readonly string[], readonly string[]]>([
  ['of a server as it is by default', [], []],
  [
    'of a server with a token, several accounts, and another profile',
    ['--control-token', 'secret', '--profile', 'article', '--account', 'a=sk-1,sk-2', '--account', 'b b=sk-3'],
    ['--header', 'Authorization: Bearer secret'],
  ],
])('schemathesis finds no difference in the control plane %s', async ([_name, serving, asking], { skip }) => {
  if (skipReason) skip(skipReason)
  const { card } = await startServer(['serve', ...serving], { cwd: scratch })
  const checks = ['--checks', 'all', '--mode', 'all', '--seed', '1', '--max-examples', '20', '--no-color']
  const command = ['-m', 'schemathesis.cli', 'run', `${card.control}/openapi.json`, ...checks, ...asking]
  const { status, stdout, stderr } = spawnSync(interpreter, command, {
    cwd: scratch,
    encoding: 'utf8',
    timeout: 170_000,
  })
  expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/Tested: 12\b/)
})
