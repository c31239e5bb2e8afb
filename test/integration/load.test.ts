import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/system-clock.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { killAll, main, startProgram, startServer } from './program.ts'

const { scratch } = scratchFolder('load')
afterEach(killAll)

const key = 'sk-secret-0123456789abcdef'
const served = (...args: string[]) =>
  startServer(['serve', '--profile', 'article', '--account', `main=${key}`, ...args], { cwd: scratch })
const loadArgs = (url: string, ...args: string[]) => ['load', 'burst', '--url', url, '--strategies', 'none', ...args]
const runToEnd = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    cwd: scratch,
    env: { ...process.env, RATELAB_KEYS: key },
  })

/** All files of a folder as one text. */
function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|json|jsonl)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}

describe('ratelab load', () => {
  test('writes a report that says where it comes from, and that is rendered again and compared, without a key', async () => {
    const { card } = await served('--speed', '60x')
    const url = card.baseUrls.openai
    const { status, stdout, stderr } = runToEnd(...loadArgs(url, '--out', 'wire', '--set', 'arrivals.calls=30'))
    expect(stderr).toMatch(/: 60 calls in 2 runs to http:.* in 60 times real time …/)
    expect(status).toBe(0)
    expect(stdout).toContain(`Measured over the wire at ${url}, at 60 times real time`)
    const folder = join(scratch, 'wire/burst-wire')
    const written = readFileSync(join(folder, 'report.md'), 'utf8')
    expect(written).toContain('To run the same study in virtual time:')
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).wire).toMatchObject({
      address: url,
      speed: 60,
      limits: 'mock',
    })
    expect(runToEnd('report', folder).status).toBe(0)
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe(written)
    runToEnd('run', 'burst', '--strategies', 'none', '--seeds', '1', '--set', 'arrivals.calls=30', '--out', 'wire')
    const compared = runToEnd('compare', 'wire/burst-custom', folder)
    expect(compared.status).toBe(0)
    expect(compared.stdout).toContain('The places of measurement differ: virtual time and the wire')
    expect(stdout + stderr + filesIn(folder) + compared.stdout).not.toContain('secret-0123456789')
  })

  test('keeps what was measured after Ctrl-C', async () => {
    const { card } = await served()
    const args = loadArgs(card.baseUrls.openai, '--key', key, '--out', 'cut', '--strategies', 'retry-pace,none')
    const program = startProgram(args, { cwd: scratch })
    await program.untilPrinted('in real time …')
    await systemClock.sleep(3000)
    program.child.kill('SIGINT')
    expect(await program.exitCode).toBe(130)
    expect(program.err()).toContain('ratelab: interrupted; the report of what was measured follows')
    const cells = readFileSync(join(scratch, 'cut/burst-wire/cells.jsonl'), 'utf8').trim().split('\n')
    expect(cells).toHaveLength(2)
    expect(JSON.parse(cells[1]!)).toMatchObject({ case: 'batch', strategy: 'retry-pace' })
    expect(program.out()).toContain('The load was interrupted in run 1 of 4')
  })

  test.each<[string, string[], RegExp]>([
    ['a host beyond this machine', ['--url', 'https://example.com/v1'], /`--allow-host` to be example\.com/],
    ['no server', ['--url', 'http://127.0.0.1:1/v1'], /`--url` to be the address of a server that answers/],
    ['no address', [], /`--url` to be an address/],
    [
      'a wrong sweep',
      ['--url', 'http://127.0.0.1:1/v1', '--sweep', '20'],
      /`--sweep` to be two ascending loads|server that answers/,
    ],
  ])('ends with 2 and writes nothing for %s', (_what, args, message) => {
    const { status, stderr } = runToEnd('load', 'burst', '--out', 'none', ...args)
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('secret-0123456789')
    expect(existsSync(join(scratch, 'none'))).toBe(false)
  })
})
