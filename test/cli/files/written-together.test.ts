import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { removeAbandoned } from '../../../cli/files/aside-folder.ts'
import { whileLocked } from '../../../cli/files/folder-lock.ts'
import { writeTogether } from '../../../cli/files/written-together.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratelab-together-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const text = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('files that are written together', () => {
  test.prop([fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 4 })], { numRuns: 20 })(
    'are those of one writer, however many write at the same time',
    async (writers, count) => {
      const names = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? `file-${i}` : `charts/file-${i}`))
      const all = Array.from({ length: writers }, (_, writer) =>
        writeTogether(folder, Object.fromEntries(names.map((name) => [name, [`${writer}`, '.']]))),
      )
      await Promise.all(all)
      expect(new Set(names.map(text)).size).toBe(1)
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
    },
  )

  test('replace a symbolic link, and leave its target as it is', async () => {
    writeFileSync(join(folder, 'target'), 'precious')
    symlinkSync(join(folder, 'target'), join(folder, 'report.md'))
    symlinkSync(join(folder, 'nowhere'), join(folder, 'report.json'))
    await writeTogether(folder, { 'report.md': 'new', 'report.json': '{}' })
    expect([text('target'), text('report.md'), text('report.json')]).toEqual(['precious', 'new', '{}'])
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  })

  test('replace a file by none where none is to be', async () => {
    await writeTogether(folder, { 'report.md': 'old', 'charts/a.png': 'x', 'charts/b.png': 'x' })
    await writeTogether(folder, { 'report.md': 'new', 'charts/a.png': null, 'charts/none.png': null })
    expect([text('report.md'), readdirSync(join(folder, 'charts'))]).toEqual(['new', ['b.png']])
  })

  test('are not written through a folder that is a symbolic link', async () => {
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'charts'))
    await expect(writeTogether(folder, { 'a.md': 'new', 'charts/a.png': 'x' })).rejects.toThrow(
      /charts is a symbolic link, which is not followed/,
    )
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([])
    expect(existsSync(join(folder, 'a.md'))).toBe(false)
  })

  test('leave the former ones when a name is too long', async () => {
    writeFileSync(join(folder, 'a.md'), 'old')
    await expect(writeTogether(folder, { 'a.md': 'new', ['x'.repeat(300)]: 'x' })).rejects.toThrow(/ENAMETOOLONG/)
    expect([text('a.md'), readdirSync(folder)]).toEqual(['old', ['a.md']])
  })
})

describe('the rest of a process that was killed', () => {
  test('does not hold up a later one: its lock is removed after ten seconds', async () => {
    mkdirSync(join(folder, '.ratelab-lock'))
    let now = 0
    const clock = {
      now: () => now,
      async sleep(ms: number) {
        now += ms
      },
    }
    expect(await whileLocked(folder, clock, () => 'done')).toBe('done')
    expect(now).toBeGreaterThan(10_000)
    expect(readdirSync(folder)).toEqual([])
  })

  test('is removed when it is older than a day, and nothing else is', async () => {
    const old = new Date(systemClock.now() - 25 * 3_600_000)
    for (const name of ['.ratelab-old', '.ratelab-new', 'mine']) mkdirSync(join(folder, name))
    for (const name of ['.ratelab-old', 'mine']) utimesSync(join(folder, name), old, old)
    await removeAbandoned(folder)
    expect(readdirSync(folder)).toEqual(['.ratelab-new', 'mine'])
  })

  test('is a lock that is made anew again and again: it is never taken for abandoned', async () => {
    let rounds = 0
    let now = 0
    const lock = join(folder, '.ratelab-lock')
    mkdirSync(lock)
    const clock = {
      now: () => now,
      async sleep(ms: number) {
        now += ms * 20
        // Another process gives the lock back, and a third one takes it later. The file system may give it the same number again.
        rmSync(lock, { recursive: true })
        await systemClock.sleep(10)
        if (++rounds < 30) mkdirSync(lock)
      },
    }
    await whileLocked(folder, clock, () => {})
    expect(rounds).toBe(30)
  })
})
