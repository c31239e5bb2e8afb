import { describe, expect, test } from 'vitest'
import { guestEntries } from '../../lab/catalogue/guest-entries.ts'
import { runJob, sharedDraw } from '../../lab/experiment.ts'
import { runGuest } from '../../lab/guest-run.ts'
import type { UserCodeWatch } from '../../lab/user-code.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { resultOf } from './result-of.ts'
import { few, small } from './small-study.ts'

const guests = Object.keys(guestEntries)

describe('guests in a study', () => {
  test('give the same cells on workers, where the real time is banned, and in the calling thread', async () => {
    const { setTimeout, Date: RealDate } = globalThis
    const { cells, study } = await resultOf(small, { seeds: [3], strategies: guests })
    expect(study.failed).toBeUndefined()
    expect(cells.map(({ strategy }) => strategy)).toEqual(guests)
    const shared = sharedDraw(few, 3)
    const jobs = guests.map((strategy) => ({ scenario: small, chosen: few, strategy, seed: 3, shared }))
    // They run at the same time, each in its own.
    const own = await Promise.all(jobs.map((job) => runJob(job)))
    expect(own).toEqual(cells.map(({ series: _curves, ...cell }) => cell))
    expect(globalThis).toMatchObject({ setTimeout, Date: RealDate })
  }, 60_000)

  test('have the wishes that a name gives them', async () => {
    const strategies = ['guest-openai', 'guest-openai:maxRetries=5', 'guest-p-retry:retries=5,randomize=true']
    const { cells } = await resultOf(small, { seeds: [3], strategies })
    const [two, five, randomized] = cells.map(({ summary }) => summary.attempts)
    expect(five).toBeGreaterThan(two!)
    expect(randomized).toBeGreaterThan(two!)
  }, 60_000)
})

describe('a guest that takes what is not simulated', () => {
  const told: string[] = []
  const violation = new InputError('Expected it to send only what its strategy sends, but it uses fetch')
  const watch: UserCodeWatch = {
    ban: {
      violation,
      impose: ({ network }, code) => told.push(network, code),
      lift: () => told.push('lifted'),
    },
    entered: (code) => told.push(code?.kind ?? 'left'),
    sent: () => {},
  }

  test.each([
    ['hides the error', () => Promise.resolve()],
    ['fails by it', () => Promise.reject(new Error('fetch failed'))],
  ])('is told by what it uses, also when it %s', async (_how, work) => {
    const { setTimeout } = globalThis
    told.length = 0
    await expect(runGuest('guest-x', { watch }, work)).rejects.toMatchObject({
      code: 'STRATEGY_FAILED',
      message: `Expected guest-x to answer every call, but: ${violation.message}`,
    })
    expect(told).toEqual(['strategy', 'send only what its strategy sends', 'STRATEGY_FAILED', 'lifted', 'left'])
    expect(globalThis.setTimeout).toBe(setTimeout)
  })
})
