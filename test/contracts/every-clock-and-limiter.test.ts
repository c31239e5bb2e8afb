import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { factoriesOf } from './factories.ts'

// The contract of a clock or a limiter needs a rig or a model, so it is registered in the test file of that clock or limiter. These
// tests check that each of those files registers it. Strategies need no rig: `every-strategy.test.ts` tests them in a loop.

const rooms = ['src', 'sim', 'lab', 'cli', 'scenarios']

/** Returns the text of the test file that belongs to a source file, or an empty text when there is none. */
function textOfOwnTest(path: string): string {
  const file = resolve(import.meta.dirname, '..', path.replace(/\.ts$/, '.test.ts'))
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

describe('the contract of a clock', () => {
  const clocks = factoriesOf('Clock', rooms)

  test.each(clocks)('is tested for $name of $path in its own test file', ({ name, path }) => {
    expect(textOfOwnTest(path)).toMatch(new RegExp(`\\bclockContract\\(\\s*'${name}\\b`))
  })

  test('is required of every clock in the sources', () => {
    const names = clocks.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['k6Clock', 'systemClock', 'virtualClock', 'wallTimeline']))
  })
})

describe('the contract of a limiter', () => {
  const limiters = factoriesOf('Limiter', rooms)

  test.each(limiters)('is tested for $name of $path in its own test file', ({ name, path }) => {
    expect(textOfOwnTest(path)).toMatch(new RegExp(`\\blimi(ter|tLimiter)Contract\\(\\s*'${name}'`))
  })

  test('is required of every limiter in the sources', () => {
    const names = limiters.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['all', 'burstGuard', 'fixedWindow', 'slidingLog', 'tokenBucket']))
  })
})
