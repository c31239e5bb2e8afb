import { afterEach, expect, test, vi } from 'vitest'
import { clockContract } from '../../../contracts/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

clockContract('systemClock', () => ({ clock: systemClock, run: (work) => work }))

afterEach(() => {
  vi.useRealTimers()
})

test('the clock counts from the Unix epoch', () => {
  const hour = 3_600_000
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(hour)
})

test('a sleep with a fraction of a millisecond does not end early', async () => {
  for (const ms of [0.3, 1.7, 2.2, 0.9, 1.1]) {
    const start = systemClock.now()
    await systemClock.sleep(ms)
    // The sum start + ms is rounded, because a double that holds the epoch in milliseconds is exact to about 0.0002 ms only.
    expect(systemClock.now()).toBeGreaterThanOrEqual(start + ms)
  }
})

test('an abort clears the timer of the platform', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const controller = new AbortController()
  const before = timers()
  const slept = systemClock.sleep(1e6, controller.signal)
  expect(timers()).toBe(before + 1)
  controller.abort('gone')
  expect(timers()).toBe(before)
  await expect(slept).rejects.toBe('gone')
})

test('a wait that is longer than the platform’s longest timer is not cut short', async () => {
  vi.useFakeTimers()
  const days = 24 * 3_600_000
  let ended = false
  const slept = systemClock.sleep(60 * days).then(() => {
    ended = true
  })
  await vi.advanceTimersByTimeAsync(59 * days)
  expect(ended).toBe(false)
  await vi.advanceTimersByTimeAsync(2 * days)
  expect(ended).toBe(true)
  await slept
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a wait of %s is not accepted', async (ms) => {
  await expect(systemClock.sleep(ms)).rejects.toThrow(`Expected \`ms\` to be a finite number, got ${ms}`)
})
