import { expect, test, vi } from 'vitest'

test('the example of an own study prints which of its two strategies does better', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await import('../../examples/own-study.ts')
  const lines = log.mock.calls.map(([line]) => line)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^1\. retry-pace: 100\.0 % answered, \d+\.\d % of what is reachable$/)
  expect(lines[1]).toMatch(/^2\. ask-again\(8 tries\): \d+\.\d % answered, \d+\.\d % of what is reachable$/)
})
