import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'
import { killAll, main, startProgram } from './program.ts'

const { scratch } = scratchFolder('tournament')
afterAll(killAll)

const env = { ...process.env, NO_COLOR: '1' }
function tournament(...args: string[]): SpawnSyncReturns<string> {
  const given = ['tournament', '--strategies', 'none,retry-pace', '--seeds', '1', ...args]
  return spawnSync(process.execPath, [main, ...given], { cwd: scratch, encoding: 'utf8', env, timeout: 120_000 })
}
const textOf = (...path: string[]) => readFileSync(join(scratch, ...path), 'utf8')

describe('ratelab tournament', () => {
  let whole: SpawnSyncReturns<string>
  beforeAll(() => {
    whole = tournament('--worlds', '3', '--out', 'a')
    expect(whole.status, whole.stderr).toBe(0)
  })

  test('prints the standings, and writes its files', () => {
    expect(whole.stdout).toMatch(/^retry-pace +– +\d+\.\d %/m)
    expect(whole.stderr).toContain('3 worlds drawn from the seed')
    expect(whole.stderr).toContain('Report: a/tournament-custom/report.md')
    expect(readdirSync(join(scratch, 'a/tournament-custom')).sort()).toEqual(['report.md', 'tournament.json'])
    expect(textOf('a/tournament-custom/report.md')).toContain(
      'npm run tournament -- --worlds 3 --seeds 1 --strategies none,retry-pace\n',
    )
  })

  test('makes an earlier one longer with the same bytes as in one go, in each format', () => {
    expect(tournament('--worlds', '1', '--out', 'b').status).toBe(0)
    const longer = tournament('--worlds', '3', '--out', 'b', '--json')
    expect(longer.stderr).toContain('Goes on from b/tournament-custom/tournament.json, which has 1 of the worlds;')
    expect(longer.stdout).toBe(textOf('a/tournament-custom/tournament.json'))
    const complete = tournament('--worlds', '3', '--out', 'b', '--format', 'md')
    expect(complete.stdout).toBe(textOf('a/tournament-custom/report.md'))
    expect(complete.stderr).toContain(', 0 runs in virtual time')
  })

  test('by Ctrl-C ends with exit code 130 and keeps the worlds that are complete; the same command goes on', async () => {
    const args = ['tournament', '--strategies', 'none,retry-pace', '--seeds', '1', '--worlds', '40', '--out', 'c']
    const program = startProgram(args, { cwd: scratch, env })
    const file = join(scratch, 'c/tournament-custom/tournament.json')
    const timer = setInterval(() => {
      if (!existsSync(file)) return
      clearInterval(timer)
      program.child.kill('SIGINT')
    }, 5)
    expect(await program.exitCode).toBe(130)
    const kept = JSON.parse(readFileSync(file, 'utf8')).worlds.length
    expect(kept).toBeGreaterThan(0)
    expect(program.err()).toContain(
      `interrupted; ${kept} of 40 worlds are kept in c/tournament-custom: the same command goes on from them`,
    )
    expect(textOf('c/tournament-custom/report.md')).toContain(`Only ${kept} of the worlds have been run.`)
    expect(tournament('--worlds', '3', '--out', 'c').stderr).toContain('Goes on from')
  })

  test.each([
    ['cut off', '{"schema": "ratelab.tournament/1", "facts"', 'it cannot be read'],
    ['of another seed', undefined, 'it has another seed, other contestants or other code'],
  ])('replaces a file that is %s', (_what, content, reason) => {
    const seed = content === undefined ? '77' : '5'
    expect(tournament('--worlds', '1', '--worlds-seed', '5', '--out', 'd').status).toBe(0)
    if (content !== undefined) writeFileSync(join(scratch, 'd/tournament-custom/tournament.json'), content)
    const { stderr, status } = tournament('--worlds', '1', '--worlds-seed', seed, '--out', 'd')
    expect(stderr).toContain(`tournament.json is not used and will be replaced: ${reason}. Another --out keeps it.`)
    expect(status).toBe(0)
  })

  test('replays one world as a study, and writes nothing', () => {
    const { stdout, status, stderr } = tournament('--world', '2', '--out', 'e')
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('world-2 · qwen3-max')
    expect(existsSync(join(scratch, 'e'))).toBe(false)
  })

  test.each([
    [['--worlds', '0'], /`--worlds` to be a whole number >= 1 and <= 1000, got 0/],
    [['--world', 'x'], /`--world` to be a whole number >= 1/],
    [['--strategies', 'retri-pace'], /"retri-pace"/],
    [['--strategies', 'bare-rotation-accounts'], /two accounts or more/],
    [['--out', ''], /`--out` to name a folder, got ""/],
  ])('refuses %j', (args, message) => {
    const { stderr, stdout, status } = tournament(...args)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([status, stdout]).toEqual([2, ''])
  })
})
