import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkAccessLog } from '../../../attack/server/access-check.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch: folder } = scratchFolder('access')

const admitted = (number: number, decidedAt: number) =>
  `${JSON.stringify({ number, id: `id-${number}`, model: 'm', account: 'a', verdict: 'admitted', decidedAt })}\n`
const limits = [{ model: 'm', limit: 2, window: 1000 }]

function problemsOf(text: string, isReset = false): string[] {
  const file = join(folder, 'access.jsonl')
  writeFileSync(file, text)
  return checkAccessLog(file, { limits, secrets: ['sk-secret'], isReset })
}

test('a log is right when each request stands in it once, and each window keeps its limit', () => {
  // The window is half open: the third request may come when exactly a window has passed.
  expect(problemsOf(admitted(2, 0) + admitted(1, 999) + admitted(3, 1000))).toEqual([])
  expect(problemsOf('')).toEqual([])
})

test.each([
  ['a line twice', admitted(1, 0) + admitted(1, 0), ['1 requests are logged twice', '1 ids stand twice']],
  ['a gap', admitted(1, 0) + admitted(3, 0), ['1 of 3 requests are not logged']],
  [
    'half a line',
    admitted(1, 0).slice(0, 20),
    ['the access log ends within a line', 'a line of the access log is no JSON: {"number":1,"id":"id'],
  ],
  ['a key', admitted(1, 0).replace('id-1', 'sk-secret'), ['the access log holds the key sk-secret']],
  [
    'too many in a window',
    admitted(1, 0) + admitted(2, 500) + admitted(3, 999),
    ['account a was admitted more than 2 m in 1000 ms'],
  ],
])('a log with %s is wrong', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems)
})

test('numbers begin again after a reset', () => {
  expect(problemsOf(admitted(1, 0) + admitted(1, 5000), true)).toEqual([])
})
