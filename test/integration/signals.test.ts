import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/system-clock.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { chat, killAll, startProgram, startServer } from './program.ts'

const { scratch } = scratchFolder('signals')
afterEach(killAll)

const quick = ['serve', '--set', 'firstToken=0']
const serve = (...args: string[]) => startServer([...quick, ...args], { cwd: scratch })
const slow = ['--set', 'tokensPerSecond=1', '--set', 'firstToken=50']

const linesOf = (name: string): { number: number }[] =>
  readFileSync(join(scratch, name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** Waits until a file has this number of lines. */
async function untilLogged(name: string, lines: number): Promise<void> {
  const path = join(scratch, name)
  while (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length <= lines) await systemClock.sleep(10)
}

describe('a server', () => {
  test.each(['SIGHUP', 'SIGUSR1'] as const)('opens its log again on %s, and lives without a config', async (signal) => {
    const log = `${signal}.jsonl`
    const { card, child, err, exitCode } = await serve('--access-log', log)
    await chat(card, { max_tokens: 1 })
    await untilLogged(log, 1)
    renameSync(join(scratch, log), join(scratch, `${log}.1`))
    for (let i = 0; i < 20; i++) child.kill(signal)
    while (!existsSync(join(scratch, log))) await systemClock.sleep(10)
    await chat(card, { max_tokens: 1 })
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
    expect([`${log}.1`, log].map((name) => linesOf(name).map(({ number }) => number))).toEqual([[1], [2]])
    expect(statSync(join(scratch, log)).mode & 0o777).toBe(0o600)
    expect(err()).toBe('ratelab: stopping\n')
  })

  test('stops on SIGQUIT as on SIGTERM, and cuts off after the grace period what is still in flight', async () => {
    const { card, child, err, exitCode } = await serve(...slow, '--grace', '300ms')
    const stream = await chat(card, { stream: true, max_tokens: 1000 })
    child.kill('SIGQUIT')
    expect(await exitCode).toBe(0)
    expect(err()).toContain('requests in flight: 1, cut off after 0.3 s')
    await expect(stream.text()).rejects.toThrow()
  })

  test('ends at once on a second signal, with its code', async () => {
    const { card, child, untilPrinted, exitCode } = await serve(...slow)
    await chat(card, { stream: true, max_tokens: 1000 })
    child.kill('SIGTERM')
    await untilPrinted('stopping')
    child.kill('SIGTERM')
    expect(await exitCode).toBe(143)
  })

  test('goes on after it was suspended, and when a pipe is broken', async () => {
    const { card, child, exitCode } = await serve()
    child.kill('SIGPIPE')
    child.kill('SIGSTOP')
    const answer = chat(card, { max_tokens: 1 })
    await systemClock.sleep(500)
    child.kill('SIGCONT')
    expect((await answer).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
  })

  test('survives any number of reloads at once, and a stop among them', async () => {
    const config = join(scratch, 'reload.json')
    writeFileSync(config, '{"speed": 1}')
    const { card, child, err, exitCode } = await serve(
      '--config',
      config,
      '--model-limit',
      'qwen-plus=none',
      '--set',
      'burstGuard=false',
    )
    for (let i = 0; i < 50; i++) {
      writeFileSync(config, i % 3 === 0 ? '{"speed": -1}' : `{"speed": ${i + 1}}`)
      child.kill('SIGHUP')
      expect((await chat(card, { max_tokens: 1 })).status).toBe(200)
    }
    child.kill('SIGHUP')
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
    expect(err()).not.toMatch(/fault of ratelab|\n\s+at /)
  })

  test('ends with the npm script that has started it', async () => {
    const npm = spawn('npm', ['run', '--silent', 'ratelab', '--', ...quick, '--port', '0', '--json'], {
      cwd: resolve(import.meta.dirname, '../..'),
    })
    const [text] = await once(npm.stdout, 'data')
    const { pid } = JSON.parse(String(text))
    npm.kill('SIGTERM')
    // The pipe closes when the last process that has it ends.
    await once(npm, 'close')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

test.each(['run', 'sensitivity'])(
  '`ratelab %s` that gets SIGTERM leaves no half file, and ends with its code',
  async (command) => {
    const out = join(scratch, `${command}-terminated`)
    const args = [command, 'burst', '--seeds', '40', '--set', 'arrivals.calls=150', '--out', out]
    const { child, untilPrinted, err, exitCode } = startProgram(args, { cwd: scratch })
    await untilPrinted('in virtual time')
    await systemClock.sleep(1500)
    child.kill('SIGTERM')
    expect(await exitCode).toBe(143)
    expect(err()).toContain('interrupted')
    const left = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : []
    expect(left.filter((name) => !/^burst-custom(\/cells\.partial\.jsonl)?$/.test(name))).toEqual([])
  },
)

test('SIGUSR1 opens no debugger in any command', async () => {
  const { child, untilPrinted, err, exitCode } = startProgram(
    ['run', 'burst', '--seeds', '2', '--strategies', 'none', '--set', 'arrivals.calls=50', '--out', 'usr1'],
    { cwd: scratch },
  )
  await untilPrinted('in virtual time')
  child.kill('SIGUSR1')
  expect(await exitCode).toBe(0)
  expect(err()).not.toContain('Debugger')
})

test('an error that nothing catches is a fault of ratelab where no code of the user is loaded', async () => {
  const preload = (name: string, source: string) => {
    const path = join(scratch, name)
    writeFileSync(path, source)
    return { cwd: scratch, env: { ...process.env, NODE_OPTIONS: `--import ${path}` } }
  }
  const run = (name: string, source: string) => startProgram([...quick, '--port', '0'], preload(name, source))
  const main = "import { isMainThread } from 'node:worker_threads'; if (isMainThread) "
  for (const [name, source] of [
    ['throws.mjs', `${main} setTimeout(() => { throw new Error('boom') }, 500)`],
    ['rejects.mjs', `${main} setTimeout(() => { Promise.reject(new Error('boom')) }, 500)`],
    ['ends.mjs', `${main} setTimeout(() => process.exit(0), 500)`],
  ] as const) {
    const { err, exitCode } = run(name, source)
    expect([name, await exitCode]).toEqual([name, 1])
    expect(err()).toContain('is a fault of ratelab itself')
    expect(err()).not.toMatch(/scenario|plug-in/)
  }
})
