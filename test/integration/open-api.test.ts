import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { interpreter, pythonVersions } from '../../clients/python.ts'

// Schemathesis makes right and wrong requests from the OpenAPI document of a control plane, and compares every reply with the document.
const main = resolve(import.meta.dirname, '../../cli/main.js')
const scratch = mkdtempSync(join(tmpdir(), 'ratelab-open-api-'))
const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})

const versions = pythonVersions(['schemathesis'])
/** The reason why the tests are skipped. In CI they are never skipped. */
const skipReason = process.env.CI !== 'true' && typeof versions === 'string' ? versions : undefined
if (skipReason) console.warn(`Schemathesis is skipped: ${skipReason}`)

/** Starts a server with these options, and returns the address of its control plane. */
async function controlOf(options: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--json', ...options], { cwd: scratch })
  running.push(child)
  const [card] = await once(child.stdout.setEncoding('utf8'), 'data')
  return JSON.parse(card).control
}

test.for<[string, readonly string[], readonly string[]]>([
  ['of a server as it is by default', [], []],
  [
    'of a server with a token, several accounts, and another profile',
    ['--control-token', 'secret', '--profile', 'article', '--account', 'a=sk-1,sk-2', '--account', 'b b=sk-3'],
    ['--header', 'Authorization: Bearer secret'],
  ],
])('schemathesis finds no difference in the control plane %s', async ([_name, serving, asking], { skip }) => {
  if (skipReason) skip(skipReason)
  const control = await controlOf(serving)
  const checks = ['--checks', 'all', '--mode', 'all', '--seed', '1', '--max-examples', '20', '--no-color']
  const command = ['-m', 'schemathesis.cli', 'run', `${control}/openapi.json`, ...checks, ...asking]
  const { status, stdout, stderr } = spawnSync(interpreter, command, {
    cwd: scratch,
    encoding: 'utf8',
    timeout: 170_000,
  })
  expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/Tested: 12\b/)
})
