import { describe, expect, test } from 'vitest'
import { countedAbort } from '../../../contracts/clock.ts'
import { DeadlockError, virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { OptionError } from '../../../src/core/expect.ts'
import { lastInstant } from '../../../src/core/last-instant.ts'

const forever = new Promise<never>(() => {})

describe('deadlock', () => {
  const deadlock = (text: string) =>
    expect.objectContaining({ code: 'SIM_DEADLOCK', message: expect.stringContaining(text) })

  test.each([
    [undefined, 'at t = 10 ms while the work is still waiting'],
    [1, 'at t = 10 ms while 1 call is still waiting'],
    [3, 'at t = 10 ms while 3 calls are still waiting'],
  ])('with %s waiting is an error with the number and the instant', async (waiting, text) => {
    const clock = virtualClock()
    const work = clock.sleep(10).then(() => forever)
    const run = clock.run(work, waiting === undefined ? undefined : () => waiting)
    await expect(run).rejects.toEqual(deadlock(text))
    await expect(run).rejects.toBeInstanceOf(DeadlockError)
  })

  test('is not reported before the work that the last timer settles has ended', async () => {
    const clock = virtualClock()
    const work = new Promise<string>((resolve) => clock.after(10, () => resolve('done')))
    expect(await clock.run(work)).toBe('done')
  })

  test('is reported although there is an aborted timer, and the timer lets no time pass', async () => {
    const clock = virtualClock()
    const { signal, abort } = countedAbort()
    const work = Promise.all([
      clock.sleep(1000, signal).catch(() => forever),
      clock.sleep(10).then(() => abort('gone')),
    ])
    await expect(clock.run(work)).rejects.toEqual(deadlock('t = 10 ms'))
    expect(clock.now()).toBe(10)
  })

  test('does not occur when there is a later timer after an aborted one', async () => {
    const clock = virtualClock()
    const { signal, abort } = countedAbort()
    const seen: Millis[] = []
    const aborted = clock.sleep(20, signal).catch(() => seen.push(clock.now()))
    clock.after(10, () => abort('gone'))
    await clock.run(Promise.all([aborted, clock.sleep(20), clock.sleep(30).then(() => seen.push(clock.now()))]))
    expect(seen).toEqual([10, 30])
  })
})

describe('a time that is not a whole number of milliseconds', () => {
  test.each([
    [0.5, 'Expected `ms` to be a whole number, got 0.5'],
    [Number.NaN, 'Expected `ms` to be a whole number, got NaN'],
    [Infinity, 'Expected `ms` to be a whole number, got Infinity'],
    [undefined as unknown as Millis, 'Expected `ms` to be a whole number, got undefined'],
    [2 ** 53 - 1, 'Expected `ms` to end by the last instant that has a date (253402300799999), got 9007199254740991'],
  ])('makes a sleep of %o reject and a callback after it throw, and neither leaves a timer', async (ms, message) => {
    const clock = virtualClock(1)
    const { signal, listening } = countedAbort()
    const refused = [clock.sleep(ms), clock.sleep(ms, signal)]
    for (const sleep of refused) await expect(sleep).rejects.toThrow(new OptionError(message))
    expect(listening()).toBe(0)
    expect(() => clock.after(ms, () => {})).toThrow(new OptionError(message))
    await expect(clock.run(forever)).rejects.toBeInstanceOf(DeadlockError)
    expect(clock.now()).toBe(1)
  })

  test('an origin is refused', () => {
    expect(() => virtualClock(0.5)).toThrow(/^Expected `origin` to be a whole number .*, got 0.5$/)
    expect(() => virtualClock(lastInstant + 1)).toThrow(OptionError)
  })
})
