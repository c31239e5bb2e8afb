import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attacks } from '../../attack/kinds/kinds.ts'
import { scratchFolder } from '../scratch-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const { scratch } = scratchFolder('attacked')

function attack(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--expose-gc', 'attack/main.ts', '--short', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
}

describe('no server dies, answers what is not documented or leaks', () => {
  // The times of slow clients are minutes. Their short form shows little.
  test.each(Object.keys(attacks).filter((name) => name !== 'slow'))('under the attack %s', (name) => {
    const { status, stdout, stderr } = attack('--only', name)
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toMatch(new RegExp(`^${name} .* ok`, 'm'))
  })
})

/** A server that has the card of a mock, is in good health, and answers every other request by this code. */
function brokenServer(name: string, answer: string): string {
  const file = join(scratch, `${name}.mjs`)
  writeFileSync(
    file,
    `import { createServer } from 'node:net'
const health = 'HTTP/1.1 200 OK\\r\\ncontent-length: 14\\r\\n\\r\\n{"inFlight":0}'
const server = createServer((socket) => socket.on('error', () => {}).on('data', (bytes) => { if (bytes.includes('/_ratelab/healthz')) socket.end(health); else { ${answer} } }))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  console.log(JSON.stringify({ port, origin: 'http://127.0.0.1:' + port }))
})`,
  )
  return `${process.execPath} ${file}`
}

describe('an attack tells of a server that', () => {
  test.each([
    ['dies', 'process.exit(7)', 'the server died (7)'],
    ['sends what is no HTTP', "socket.end('HTTP/1.1 2OO OK\\r\\n\\r\\n')", 'no status line'],
    [
      'answers a request within a body',
      "socket.end('HTTP/1.1 204 x\\r\\n\\r\\n'.repeat(3))",
      '3 replies, at most 1 expected',
    ],
    ['answers what is not documented', "socket.end('HTTP/1.1 418 x\\r\\n\\r\\n')", 'status 418'],
  ])('%s', (name, answer, problem) => {
    const { status, stdout } = attack('--only', 'raw', '--command', brokenServer(name.replaceAll(' ', '-'), answer))
    expect(status).toBe(1)
    expect(stdout).toMatch(/^raw .* FAIL/m)
    expect(stdout).toContain(problem)
  })
})
