import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/system-clock.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { chat, killAll, type ProgramOptions, startCommand, startProgram, startServer } from './program.ts'

const { scratch } = scratchFolder('outputs')
afterEach(killAll)

const quick = ['serve', '--set', 'firstToken=0', '--set', 'burstGuard=false', '--model-limit', 'qwen-plus=none']
const serve = (args: string[], options: Partial<ProgramOptions> = {}) =>
  startServer([...quick, ...args], { cwd: scratch, ...options })

const noFullDevice = existsSync('/dev/full') ? '' : ' (skipped: there is no /dev/full)'
const noPipes = spawnSync('mkfifo', [join(scratch, 'pipe')]).status === 0 ? '' : ' (skipped: there is no mkfifo)'
const full = () => openSync('/dev/full', 'w')

describe('a server whose output cannot be written lives', () => {
  test('when the reader of standard error has left, which gets the access log', async () => {
    const { card, child, exitCode } = await serve(['--access-log'])
    child.stderr!.destroy()
    for (let i = 0; i < 3; i++) expect((await chat(card, { max_tokens: 1 })).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
  })

  test.skipIf(noFullDevice)(`when standard error is full, and its exit code tells it${noFullDevice}`, async () => {
    const { card, child, exitCode } = await serve(['--access-log'], { stdio: ['ignore', 'pipe', full()] })
    for (let i = 0; i < 3; i++) expect((await chat(card, { max_tokens: 1 })).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(3)
  })

  test.skipIf(noFullDevice)(`when the log is full, and tells once how many lines are lost${noFullDevice}`, async () => {
    const { card, child, err, exitCode } = await serve(['--access-log', '/dev/full'])
    for (let i = 0; i < 3; i++) expect((await chat(card, { max_tokens: 1 })).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
    expect(err().split('\n')).toEqual([
      expect.stringMatching(/^ratelab: the access log cannot be written: ENOSPC/),
      'ratelab: stopping',
      'ratelab: the access log ends; lines lost: 3',
      '',
    ])
  })

  test('when the log reaches a limit of its size, which then has only whole lines', async () => {
    const { card, child, err, exitCode } = await serve(['--access-log', 'limited.jsonl'], { before: 'ulimit -f 8' })
    for (let i = 0; i < 20; i++) expect((await chat(card, { max_tokens: 1 })).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
    const text = readFileSync(join(scratch, 'limited.jsonl'), 'utf8')
    expect(text).toMatch(/\n$/)
    const written = text.trimEnd().split('\n')
    for (const line of written) JSON.parse(line)
    expect(err()).toContain(`lines lost: ${20 - written.length}\n`)
  })

  test.skipIf(noPipes)(`when the reader of a named pipe leaves, and another one comes${noPipes}`, async () => {
    spawnSync('mkfifo', [join(scratch, 'log-pipe')])
    const path = join(scratch, 'log-pipe')
    const first = startCommand(['head', '-n', '1', path], { cwd: scratch })
    const { card, child, untilPrinted, exitCode } = await retried(() => serve(['--access-log', path]))
    await chat(card, { max_tokens: 1 })
    await first.untilPrinted('"number":1')
    await chat(card, { max_tokens: 1 })
    await untilPrinted('cannot be written: EPIPE')
    const second = startCommand(['cat', path], { cwd: scratch })
    await untilPrinted('written again; lines lost: 0')
    await second.untilPrinted('"number":2')
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
  })
})

/** Tries to start a server until its pipe has a reader. */
async function retried<T>(start: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await start()
    } catch {
      await systemClock.sleep(50)
    }
  }
}

describe('a log or a config that is no file is told, without waiting', () => {
  const ended = async (...args: string[]) => {
    const program = startProgram([...quick, '--port', '0', ...args], { cwd: scratch })
    return [await program.exitCode, program.err()] as const
  }

  test.skipIf(noPipes)(`a named pipe that nobody has open${noPipes}`, async () => {
    const log = await ended('--access-log', 'pipe')
    expect(log).toEqual([3, expect.stringContaining('got pipe: it is a named pipe that nobody reads, or a socket')])
    const config = await ended('--config', 'pipe')
    expect(config).toEqual([
      2,
      expect.stringContaining('pipe to be a file that can be read, but it is a named pipe to'),
    ])
  })

  test.skipIf(noPipes)(`a named pipe whose writer never ends${noPipes}`, async () => {
    const writer = startCommand(['sh', '-c', 'exec sleep 60 > pipe'], { cwd: scratch })
    const config = await ended('--config', 'pipe')
    writer.child.kill()
    expect(config).toEqual([2, expect.stringContaining('it does not end within 5 s')])
  })

  test('a folder', async () => {
    expect(await ended('--access-log', '.')).toEqual([3, expect.stringContaining('EISDIR')])
  })

  test.skipIf(noPipes)(`but a named pipe with a config is read${noPipes}`, async () => {
    startCommand(['sh', '-c', `echo '{"speed": 7}' > pipe`], { cwd: scratch })
    // The server must not come before the writer, which waits for it.
    const { out } = await retried(() => serve(['--config', 'pipe']))
    expect(out()).toContain('"speed":7')
  })
})

describe('a run', () => {
  const out = join(scratch, 'former')
  const args = ['run', 'burst', '--seeds', '2', '--strategies', 'none,retry-pace', '--set', 'arrivals.calls=50']
  const run = (options: Partial<ProgramOptions>, ...more: string[]) =>
    startProgram([...args, ...more], { cwd: scratch, ...options })
  const contents = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath.slice(folder.length), name),
        readFileSync(join(parentPath, name), 'base64'),
      ])
      .sort()
  beforeAll(async () => {
    expect(await run({}, '--out', out).exitCode).toBe(0)
  })

  test('is the same when the reader of standard error leaves', async () => {
    const other = join(scratch, 'unread')
    const { child, exitCode } = run({}, '--out', other)
    child.stderr!.destroy()
    expect(await exitCode).toBe(0)
    expect(contents(other)).toEqual(contents(out))
  })

  test.skipIf(noFullDevice).each([
    ['standard output', (end: number): ProgramOptions['stdio'] => ['ignore', end, 'pipe']],
    ['standard error', (end: number): ProgramOptions['stdio'] => ['ignore', 'pipe', end]],
    ['both', (end: number): ProgramOptions['stdio'] => ['ignore', end, end]],
  ])(`is the same when %s is full, and its exit code tells it${noFullDevice}`, async (name, stdio) => {
    const other = join(scratch, `full-${name}`)
    expect(await run({ stdio: stdio(full())! }, '--json', '--out', other).exitCode).toBe(3)
    expect(contents(other)).toEqual(contents(out))
  })

  test.each([4, 60])('that may write only %d blocks leaves the former report as it is', async (blocks) => {
    const other = join(scratch, `limited-${blocks}`)
    cpSync(out, other, { recursive: true })
    // Other strategies: the report would be another one.
    const { exitCode, err } = run({ before: `ulimit -f ${blocks}` }, '--strategies', 'none,retry-full', '--out', other)
    expect(await exitCode).toBe(3)
    expect(err()).toMatch(/^ratelab: Expected to be able to write to .*EFBIG/m)
    expect(contents(other).filter(([name]) => !name!.includes('partial'))).toEqual(contents(out))
  })

  test('leaves no chart of an earlier run in the folder, and all other files', async () => {
    const other = join(scratch, 'charted')
    cpSync(out, other, { recursive: true })
    const charts = join(other, 'burst-custom', 'charts')
    mkdirSync(charts, { recursive: true })
    for (const name of ['removed-case-wait.png', 'mine.png']) writeFileSync(join(charts, name), 'old')
    expect(await run({}, '--out', other).exitCode).toBe(0)
    rmSync(join(charts, 'mine.png'))
    expect(contents(other)).toEqual(contents(out))
  })

  test('is whole beside another one in the same folder at the same time', async () => {
    const shared = join(scratch, 'shared')
    const strategies = ['none,retry-full', 'none,retry-pace', 'retry-pace,retry-full']
    const runs = strategies.map((each) => run({}, '--strategies', each, '--out', shared))
    expect(await Promise.all(runs.map(({ exitCode }) => exitCode))).toEqual([0, 0, 0])
    const alone = strategies.map((each) => {
      const folder = join(scratch, each)
      return { folder, exitCode: run({}, '--strategies', each, '--out', folder).exitCode }
    })
    for (const { exitCode } of alone) expect(await exitCode).toBe(0)
    const left = contents(shared).filter(([name]) => !name!.includes('partial'))
    expect(alone.map(({ folder }) => contents(folder))).toContainEqual(left)
  })

  test('does not follow a symbolic link below --out', async () => {
    const linked = join(scratch, 'linked')
    mkdirSync(join(scratch, 'elsewhere'))
    mkdirSync(linked)
    symlinkSync(join(scratch, 'elsewhere'), join(linked, 'burst-custom'))
    const { exitCode, err } = run({}, '--out', linked)
    expect(await exitCode).toBe(3)
    expect(err()).toContain('burst-custom is a symbolic link, which is not followed')
    rmSync(join(linked, 'burst-custom'))
    mkdirSync(join(linked, 'burst-custom'))
    writeFileSync(join(scratch, 'precious'), 'precious')
    for (const name of ['report.md', 'cells.jsonl', 'cells.partial.jsonl'])
      symlinkSync(join(scratch, 'precious'), join(linked, 'burst-custom', name))
    symlinkSync(join(scratch, 'elsewhere'), join(linked, 'burst-custom/charts'))
    expect(await run({}, '--out', linked).exitCode).toBe(3)
    expect(readdirSync(join(scratch, 'elsewhere'))).toEqual([])
    expect(readFileSync(join(scratch, 'precious'), 'utf8')).toBe('precious')
  })
})
