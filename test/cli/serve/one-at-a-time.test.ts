import { afterEach, expect, test, vi } from 'vitest'
import { oneAtATime } from '../../../cli/serve/one-at-a-time.ts'

afterEach(() => vi.restoreAllMocks())

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('reloads run one after the other, and those that are asked for meanwhile are one', async () => {
  const events: string[] = []
  const ends: (() => void)[] = []
  const reload = oneAtATime(async () => {
    events.push('begins')
    await new Promise<void>((resolve) => ends.push(resolve))
    events.push('ends')
  })
  reload()
  await turn()
  for (let i = 0; i < 1000; i++) reload()
  await turn()
  expect(events).toEqual(['begins'])
  ends.shift()!()
  await turn()
  expect(events).toEqual(['begins', 'ends', 'begins'])
  ends.shift()!()
  await turn()
  expect(events).toEqual(['begins', 'ends', 'begins', 'ends'])
})

test('a reload that fails is told as a fault, and the next one runs', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  let runs = 0
  const reload = oneAtATime(async () => {
    if (++runs === 1) throw new Error('boom')
  })
  reload()
  await turn()
  reload()
  await turn()
  expect(runs).toBe(2)
  expect(told.mock.calls[0]![0]).toContain('A config that cannot be read again is a fault of ratelab itself')
})
