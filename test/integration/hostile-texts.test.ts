import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../scratch-folder.ts'
import { faultsIn, hostileText } from '../unsafe-texts.ts'
import { killAll, main, startProgram } from './program.ts'

const { scratch } = scratchFolder('hostile')
afterAll(killAll)

/** What a user can type: an argument has neither NUL nor half of a surrogate pair. */
const typed = hostileText.replaceAll('\0', '').toWellFormed()
const literal = JSON.stringify(hostileText)

const environment = { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '' }

function ratelab(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: environment,
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}

/** A report shows a title as it is, also one with a key. Errors show no key. */
const isNoKey = (fault: string) => !fault.startsWith('sk-')

/** Expects that a terminal or a CI system obeys nothing that a command printed. */
function expectHarmless({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  expect([...faultsIn(stdout).filter(isNoKey), ...faultsIn(stderr)]).toEqual([])
}

const scenario = `
const text = ${literal}
export default {
  name: 'hostile', title: text, question: text, model: 'qwen3-max',
  world: { profile: 'article', accounts: [{ name: text, keys: ['k'] }] },
  strategies: ['none', 'retry-pace'],
  cases: [{
    name: 'only', title: text,
    arrivals: { kind: 'at-once', calls: 30 },
    lengths: { kind: 'fixed', prompt: 10, output: 10 },
    maxTokens: 10, patience: 60_000, horizon: 600_000,
  }],
}
`
const strategy = `
const text = ${literal}
export default { name: text, wrap: (next) => next }
`
const failing = `
const text = ${literal}
export default { name: 'failing', wrap: () => { throw new Error(text) } }
`

beforeAll(() => {
  for (const [name, content] of Object.entries({ 'hostile.ts': scenario, 'own.ts': strategy, 'failing.ts': failing }))
    writeFileSync(join(scratch, name), content)
  writeFileSync(join(scratch, 'package.json'), '{"type":"module"}')
})

/** Markdown without code, in which nothing has an effect. */
function outsideCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
}

function expectHarmlessFolder(folder: string): void {
  const names = readdirSync(folder).filter((name) => /\.(md|json|jsonl|xml)$/.test(name))
  expect(names).toEqual(expect.arrayContaining(['report.md', 'report.json', 'cells.jsonl']))
  for (const name of names) {
    const content = readFileSync(join(folder, name), 'utf8')
    expect(faultsIn(content).filter(isNoKey), name).toEqual([])
    if (!name.endsWith('.md')) continue
    const active = outsideCode(content)
    expect(active, name).not.toMatch(/<(?!\/?(?:details|summary)>)\w|https?:|www\.|(?<!\\)@|!\[g|\]\(https/)
  }
}

describe('a hostile text', () => {
  test('in the titles and names of a scenario, in a strategy and in its failure', () => {
    const out = join(scratch, 'out')
    const run = ratelab(
      'run',
      './hostile.ts',
      '--strategies',
      'none,retry-pace,./own.ts,./failing.ts',
      '--seeds',
      '6',
      '--out',
      out,
    )
    expect(run.stderr).toContain('failing (')
    expect(run.stdout).toContain('retry-pace')
    expectHarmless(run)
    const [folder = ''] = readdirSync(out).map((name) => join(out, name))
    expectHarmlessFolder(folder)
    for (const format of ['terminal', 'md', 'json']) expectHarmless(ratelab('report', folder, '--format', format))
    const junit = join(folder, 'junit.xml')
    const summary = join(folder, 'compare.md')
    const compared = ratelab('compare', folder, folder, '--all', '--junit', junit, '--summary', summary)
    expect(compared.stderr).toBe('')
    expectHarmless(compared)
    for (const format of ['md', 'json']) expectHarmless(ratelab('compare', folder, folder, '--all', '--format', format))
    expectHarmlessFolder(folder)
  })

  test.each([
    [[typed]],
    [['run', typed]],
    [['run', `./${typed}.ts`]],
    [['run', 'burst', '--strategies', typed]],
    [['run', 'burst', '--set', typed]],
    [['run', 'burst', '--set', `window=${typed}`]],
    [['run', 'burst', '--seeds', typed]],
    [['run', 'burst', '--profile', typed]],
    [['run', 'burst', '--threshold', typed]],
    [['run', 'burst', '--compare-to', typed]],
    [['run', 'burst', '--shard', typed]],
    [['run', 'replay', '--trace', typed]],
    [['run', 'burst', `--${typed}`]],
    [['run', 'burst', '--out', `/dev/null/${typed}`]],
    [['report', typed]],
    [['merge', typed]],
    [['compare', typed, typed]],
    [['new', 'strategy', typed]],
    [['new', typed]],
    [['k6', typed]],
    [['serve', '--config', typed]],
    [['serve', '--account', typed]],
    [['serve', '--set', typed]],
    [['serve', '--port', typed]],
    [['serve', '--host', typed]],
    [['serve', '--control-token', typed]],
    [['serve', '--access-log', `/dev/null/${typed}`]],
    [['gateway', '--upstream', typed]],
    [['gateway', '--model-limit', typed]],
    [['list', typed]],
  ])('typed as an argument: %#', (args) => {
    const result = ratelab(...args)
    expect(result.status).toBeGreaterThan(1)
    expect(result.stderr).not.toBe('')
    expectHarmless(result)
  })

  test('in the file of a trace, of cells, of a config', () => {
    mkdirSync(join(scratch, 'cells'))
    writeFileSync(
      join(scratch, 'cells/cells.jsonl'),
      JSON.stringify({ schema: hostileText, [hostileText]: hostileText }),
    )
    writeFileSync(
      join(scratch, 'trace.csv'),
      `TIMESTAMP,ContextTokens,${hostileText}\n${hostileText},${hostileText},1\n`,
    )
    writeFileSync(join(scratch, 'config.json'), JSON.stringify({ [hostileText]: hostileText, accounts: hostileText }))
    writeFileSync(join(scratch, 'broken.json'), `{"accounts": ${hostileText}`)
    for (const args of [
      ['report', 'cells'],
      ['run', 'replay', '--trace', 'trace.csv'],
      ['serve', '--config', 'config.json'],
      ['serve', '--config', 'broken.json'],
    ]) {
      const result = ratelab(...args)
      expect(result.status, result.stderr).toBe(2)
      expectHarmless(result)
    }
  })

  test.each([
    ['serve', ['--account', `${typed.replace('sk-secret0123456789abcdef', '').replaceAll('=', '-')}=sk-a`]],
    ['gateway', []],
  ])('in the card, the access log and the journal of %s', async (command, flags) => {
    const log = join(scratch, `${command}.log`)
    const args = [command, '--port', '0', '--access-log', log, ...flags]
    const { child, out, err, untilPrinted, exitCode } = startProgram(args, { cwd: scratch, env: environment })
    await untilPrinted('http://127.0.0.1:')
    const { origin } = new URL(/http:\/\/127\.0\.0\.1:\d+/.exec(out())![0])
    const headers = { authorization: 'Bearer sk-a', 'content-type': 'application/json' }
    const body = JSON.stringify({ model: hostileText, messages: [{ role: 'user', content: hostileText }] })
    const answer = await fetch(`${origin}/compatible-mode/v1/chat/completions`, { method: 'POST', headers, body })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    await answer.text()
    await fetch(`${origin}/v1/sk-secret0123456789abcdef?api_key=hunter2-hunter2`, { headers })
    await rawRequest(
      origin,
      `GET /v1/\u009b\u0085/sk-secret0123456789abcdef?api_key=hunter2-hunter2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    )
    if (command === 'serve')
      for (const path of [
        'journal',
        'state',
        'metrics',
        `journal?account=${encodeURIComponent(typed)}`,
        `${encodeURIComponent(typed)}`,
      ])
        expect(faultsIn(await (await fetch(`${origin}/_ratelab/${path}`)).text()), path).toEqual([])
    child.kill('SIGTERM')
    await exitCode
    expectHarmless({ stdout: out(), stderr: err() })
    const lines = readFileSync(log, 'utf8')
    expect(lines.trim().split('\n').length).toBeGreaterThanOrEqual(2)
    expect(faultsIn(lines)).toEqual([])
    expect(lines).not.toContain('hunter2')
  })
})

/** Sends bytes that no client library would, one for each character, and resolves when the server has answered. */
async function rawRequest(origin: string, text: string): Promise<void> {
  const socket = createConnection(Number(new URL(origin).port), '127.0.0.1')
  socket.end(Buffer.from(text, 'latin1'))
  socket.resume()
  await once(socket, 'close')
}
