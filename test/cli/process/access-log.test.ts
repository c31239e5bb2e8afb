import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accessLog } from '../../../cli/process/access-log.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch } = scratchFolder('log')

let told: string[]
beforeEach(() => {
  told = []
  vi.spyOn(console, 'error').mockImplementation((text) => told.push(String(text)))
})
afterEach(() => vi.restoreAllMocks())

test('a record that cannot be shown is told once as a fault, and the others are written', async () => {
  const path = join(scratch, 'faulty.jsonl')
  const log = await accessLog(path, (record: { number: number }) => {
    if (record.number % 2 === 0) throw new Error('boom')
    return record
  })
  for (const number of [1, 2, 3, 4]) log.write({ number })
  await log.close()
  expect(readFileSync(path, 'utf8')).toBe('{"number":1}\n{"number":3}\n')
  expect(told).toEqual([
    expect.stringContaining('A request that the access log cannot show is a fault of ratelab itself'),
    expect.stringContaining('Error: boom'),
  ])
})

test('a record without a form in JSON is told, too', async () => {
  const log = await accessLog(join(scratch, 'circle.jsonl'), (record: object) => record)
  const circle: { self?: object } = {}
  circle.self = circle
  log.write(circle)
  await log.close()
  expect(told[0]).toContain('is a fault of ratelab itself')
})

test('the file is for its owner alone, and lines are added to one that is there', async () => {
  const path = join(scratch, 'twice.jsonl')
  for (const number of [1, 2]) {
    const log = await accessLog(path, (record: object) => record)
    log.write({ number })
    await log.close()
  }
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe('{"number":1}\n{"number":2}\n')
})

test('a path that cannot be opened again is told, and the former file is written on', async () => {
  const folder = join(scratch, 'gone')
  mkdirSync(folder)
  const log = await accessLog(join(folder, 'log.jsonl'), (record: object) => record)
  renameSync(folder, `${folder}-1`)
  await log.reopen()
  log.write({ number: 1 })
  await log.close()
  expect(readFileSync(join(`${folder}-1`, 'log.jsonl'), 'utf8')).toBe('{"number":1}\n')
  expect(told).toEqual([expect.stringContaining('cannot be opened again, and the former file is written on: ENOENT')])
})
