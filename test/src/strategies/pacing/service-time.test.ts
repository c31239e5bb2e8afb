import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import type { Millis } from '../../../../src/core/clock.ts'
import { exponential, seeded } from '../../../../src/core/random.ts'
import { ServiceTime } from '../../../../src/strategies/pacing/service-time.ts'

const call = exampleCall(0)
const givenUp = exampleCall(1, { signal: AbortSignal.abort() })

test('only an ok reply tells how long an answer takes', () => {
  const time = new ServiceTime()
  time.learn(call, throttledReply(), 7)
  time.learn(call, failedReply(500, true), 8)
  time.learn(call, undefined, 9)
  expect(time.estimate).toBe(0)
  time.learn(call, okReply(), 50)
  expect(time.estimate).toBe(50)
})

test('a call that is given up after the estimate counts twice its time, and one before it counts nothing', () => {
  const time = new ServiceTime()
  time.learn(call, okReply(), 50)
  time.learn(givenUp, undefined, 49)
  expect(time.estimate).toBe(50)
  time.learn(givenUp, undefined, 50)
  expect(time.estimate).toBe(100)
})

test('does not sink when every caller waits exactly as long as the estimate, and rises again from too low a one', () => {
  for (const first of [1, 100, 4000]) {
    const random = seeded(first)
    const time = new ServiceTime()
    time.learn(call, okReply(), first)
    let inTime = 0
    for (let i = 0; i < 20_000; i++) {
      const took: Millis = exponential(1000, random)
      const patience = time.estimate
      if (took <= patience) time.learn(call, okReply(), took)
      else time.learn(givenUp, undefined, patience)
      if (i >= 10_000 && took <= patience) inTime++
    }
    expect(inTime / 10_000).toBeGreaterThan(0.97)
  }
})
