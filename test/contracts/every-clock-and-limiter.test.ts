import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { factoriesOf } from './factories.ts'

// A clock or a limiter is tested in the file that mirrors its own, with a rig or a model that only it has. These tests see to it
// that none of them forgets its contract. (Strategies need nothing of their own: `every-strategy.test.ts` has the loop.)

const rooms = ['src', 'sim', 'lab', 'cli', 'scenarios']

function mirrored(path: string): string {
  const file = resolve(import.meta.dirname, '..', path.replace(/\.ts$/, '.test.ts'))
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

describe('the contract of a clock', () => {
  const clocks = factoriesOf('Clock', rooms)

  test.each(clocks)('is kept by $name of $path, by its own test', ({ name, path }) => {
    expect(mirrored(path)).toMatch(new RegExp(`\\bclockContract\\(\\s*'${name}\\b`))
  })

  test('is asked of all clocks', () => {
    const names = clocks.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['k6Clock', 'systemClock', 'virtualClock', 'wallTimeline']))
  })
})

describe('the contract of a limiter', () => {
  const limiters = factoriesOf('Limiter', rooms)

  test.each(limiters)('is kept by $name of $path, by its own test', ({ name, path }) => {
    expect(mirrored(path)).toMatch(new RegExp(`\\blimi(ter|tLimiter)Contract\\(\\s*'${name}'`))
  })

  test('is asked of all limiters', () => {
    const names = limiters.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['all', 'burstGuard', 'fixedWindow', 'slidingLog', 'tokenBucket']))
  })
})
