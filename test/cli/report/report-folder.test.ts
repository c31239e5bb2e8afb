import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReportFolder } from '../../../cli/report/report-folder.ts'

let scratch: string
let path: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'ratelab-folder-'))
  path = join(scratch, 'reports/own')
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

const open = () => ReportFolder.open(join(scratch, 'reports'), 'own', 'Name another folder.')
const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

describe('the folder of a report', () => {
  test('gets files from texts, from bytes and from pieces', async () => {
    const folder = await open()
    const pieces = function* () {
      yield 'a\n'
      yield ''
      yield 'é\n'
    }
    await folder.write({ 'a.md': 'text', 'charts/b.png': Uint8Array.of(1, 2), 'c.jsonl': pieces(), 'd.txt': '' })
    expect(filesIn(path)).toEqual(['a.md', 'c.jsonl', 'charts', 'charts/b.png', 'd.txt'])
    expect(readFileSync(join(path, 'a.md'), 'utf8')).toBe('text')
    expect([...readFileSync(join(path, 'charts/b.png'))]).toEqual([1, 2])
    expect(readFileSync(join(path, 'c.jsonl'), 'utf8')).toBe('a\né\n')
  })

  test.each([
    ['a folder is in the place of a file', { 'a.md': 'new', 'taken/b': 'x', taken: 'new' }],
    ['a file is in the place of a folder', { 'a.md': 'new', 'old.md/b.png': 'x' }],
  ])('is not changed when %s', async (_what, files) => {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'a.md'), 'old')
    writeFileSync(join(path, 'old.md'), 'old')
    const folder = await open()
    await expect(folder.write(files)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(/^Expected to be able to write to .*own, but: .*\. Name another folder\.$/),
    })
    expect(filesIn(path)).toEqual(['a.md', 'old.md'])
    expect(readFileSync(join(path, 'a.md'), 'utf8')).toBe('old')
  })

  test('keeps the files of earlier writes when a later write fails', async () => {
    const folder = await open()
    await folder.write({ 'first.jsonl': 'kept' })
    const broken = function* () {
      yield 'half'
      throw new Error('no more')
    }
    await expect(folder.write({ 'second.md': broken() })).rejects.toThrow('no more')
    expect(filesIn(path)).toEqual(['first.jsonl'])
  })

  test('is not opened when it is a symbolic link, which could lead anywhere', async () => {
    mkdirSync(join(scratch, 'reports'))
    mkdirSync(join(scratch, 'elsewhere'))
    symlinkSync(join(scratch, 'elsewhere'), path)
    await expect(open()).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(/own is a symbolic link, which is not followed\. Name another folder\.$/),
    })
  })

  test('is removed, with the folders that were created above it, when nothing was written', async () => {
    const folder = await open()
    expect(existsSync(path)).toBe(true)
    await folder.discard()
    expect(readdirSync(scratch)).toEqual([])
  })

  test('when closed ends the write in progress, returns the complete files, and writes nothing later', async () => {
    const folder = await open()
    await folder.write({ 'first.jsonl': 'kept' })
    folder.write({ 'second.md': Array.from({ length: 5000 }, () => 'text\n') })
    const closing = folder.close()
    let hasSettled = false
    folder.write({ 'third.md': 'never' }).then(() => {
      hasSettled = true
    })
    await closing
    expect(folder.isWritten).toBe(true)
    expect(filesIn(path)).toEqual(['first.jsonl', 'second.md'])
    expect(hasSettled).toBe(false)
  })
})
