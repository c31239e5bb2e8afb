import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply, throttleFirst } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Clock } from '../../../../src/core/clock.ts'
import { seeded } from '../../../../src/core/random.ts'
import { stack } from '../../../../src/core/strategy.ts'
import { pace } from '../../../../src/strategies/pacing/pace.ts'
import { retry } from '../../../../src/strategies/retry/retry.ts'

test('spaces evenly; fractions do not pile up', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 9 }), script: () => okReply() })
  await lab.run(callsAtOnce(19))
  expect(lab.instants().slice(0, 11)).toEqual([0, 112, 223, 334, 445, 556, 667, 778, 889, 1000, 1112])
  expect(lab.instants()[18]).toBe(2000)
})

test('serves first come first served, and a late one does not wait for a slot that is free', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 10 }), script: () => okReply() })
  await lab.run([0, 0, 50, 950, 951].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.instants()).toEqual([0, 100, 200, 950, 1050])
  expect(lab.ids()).toEqual([0, 1, 2, 3, 4])
})

test('a call that comes at the very instant of a slot does not jump the line', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  // The third arrival's timer is older than the line's, so it runs first.
  await lab.run([0, 0, 1000].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.ids()).toEqual([0, 1, 2])
  expect(lab.instants()).toEqual([0, 1000, 2000])
})

test('takes more than one a millisecond', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 2500 }), script: () => okReply() })
  await lab.run(callsAtOnce(6))
  expect(lab.instants()).toEqual([0, 1, 1, 2, 2, 2])
})

test('never more than ⌈perSecond·w/1000⌉ in any window of w, whoever aborts, expires or comes again', async () => {
  const rates = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 8000 }).map((n) => n / 16),
  )
  const visits = fc.array(
    fc.record({
      at: fc.oneof(fc.constant(0), fc.nat(3000)),
      abortAt: fc.option(fc.nat(4000), { nil: undefined }),
      deadline: fc.option(fc.integer({ min: 1, max: 6000 }), { nil: Infinity }),
      denials: fc.nat(2),
    }),
    { minLength: 2, maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(rates, fc.boolean(), visits, async (perSecond, retriesFirst, visits) => {
      const strategy = stack(retry({ attempts: 4, base: 100 }), pace({ perSecond, retriesFirst }))
      const lab = strategyRig({
        strategy,
        script: (call, n) => (n < visits[call.id]!.denials ? throttledReply() : okReply()),
      })
      const arrivals = visits.map(({ at, abortAt, deadline }, id): ScheduledCall => {
        const abort = new AbortController()
        if (abortAt !== undefined) lab.at(abortAt, () => abort.abort())
        return { at, call: exampleCall(id, { signal: abort.signal, deadline }) }
      })
      await lab.run(arrivals)
      const sent = lab.instants()
      for (let i = 0; i < sent.length; i++) {
        for (let j = i; j < sent.length; j++) {
          const window = sent[j]! - sent[i]! + 1
          expect(j - i + 1).toBeLessThanOrEqual(Math.ceil((perSecond * window) / 1000))
        }
      }
    }),
  )
})

test('wastes no slot: n calls that wait take (n − 1) intervals, rounded up once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 60 }), async (perSecond, count) => {
      const lab = strategyRig({ strategy: pace({ perSecond }), script: () => okReply() })
      await lab.run(callsAtOnce(count))
      const intervals = BigInt((count - 1) * 1000)
      expect(lab.instants().at(-1)).toBe(Number((intervals + BigInt(perSecond) - 1n) / BigInt(perSecond)))
    }),
  )
})

test('a waiting call holds no slot: when it is aborted, those behind it move up', async () => {
  const abort = new AbortController()
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  lab.at(1500, () => abort.abort('gone'))
  const calls: ScheduledCall[] = callsAtOnce(4)
  calls[2] = { at: 0, call: exampleCall(2, { signal: abort.signal }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[2]).toEqual({ at: 1500, error: 'gone' })
  expect(lab.instants()).toEqual([0, 1000, 2000])
  expect(lab.ids()).toEqual([0, 1, 3])
})

test('a call that has expired by its turn is not sent and takes no slot', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  const calls: ScheduledCall[] = callsAtOnce(4)
  calls[1] = { at: 0, call: exampleCall(1, { deadline: 900 }) }
  calls[2] = { at: 0, call: exampleCall(2, { deadline: 1000 }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[1]).toMatchObject({ at: 1000, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(outcomes[2]).toMatchObject({ at: 1000, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(lab.ids()).toEqual([0, 3])
  expect(lab.instants()).toEqual([0, 1000])
})

test('a line of expired calls leaves the slot to whoever comes next', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  await lab.run([
    { at: 0, call: exampleCall(0) },
    { at: 0, call: exampleCall(1, { deadline: 900 }) },
    { at: 1001, call: exampleCall(2) },
  ])
  expect(lab.ids()).toEqual([0, 2])
  expect(lab.instants()).toEqual([0, 1001])
})

test('a call aborted in the moment between its turn and its attempt is not sent', async () => {
  const abort = new AbortController()
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  // At 1000 the line wakes first, this runs next, and only then the call that the line gave the turn to.
  lab.at(999, () => lab.at(1000, () => abort.abort('gone')))
  const outcomes = await lab.run([...callsAtOnce(1), { at: 0, call: exampleCall(1, { signal: abort.signal }) }])
  expect(outcomes[1]).toEqual({ at: 1000, error: 'gone' })
  expect(lab.ids()).toEqual([0])
})

test('the whole line waits by one timer', async () => {
  let sleeps = 0
  const clock = virtualClock()
  const sleep: Clock['sleep'] = (ms, signal) => {
    sleeps++
    return clock.sleep(ms, signal)
  }
  const send = pace({ perSecond: 10 }).wrap(async () => okReply(), {
    clock: { now: clock.now, sleep },
    random: seeded(1),
  })
  await clock.run(Promise.all(callsAtOnce(101).map(({ call }) => send(call))))
  expect(sleeps).toBe(100)
})

test('a line that everyone has left is served again when someone comes', async () => {
  const abort = new AbortController()
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply() })
  lab.at(10, () => abort.abort('gone'))
  await lab.run([
    ...callsAtOnce(1),
    { at: 0, call: exampleCall(1, { signal: abort.signal }) },
    { at: 500, call: exampleCall(2) },
    { at: 3000, call: exampleCall(3) },
    { at: 3000, call: exampleCall(4) },
  ])
  expect(lab.instants()).toEqual([0, 1000, 3000, 4000])
})

test.each([
  [true, [0, 1, 0, 2, 3]],
  [false, [0, 1, 2, 3, 0]],
])('retriesFirst: %s', async (retriesFirst, ids) => {
  // Call 0 is throttled at 0 and comes back at 1000, between two slots.
  const strategy = stack(retry({ jitter: 'none', base: 1100 }), pace({ perSecond: 1, retriesFirst }))
  const lab = strategyRig({ strategy, script: (call, n) => (call.id === 0 && n === 0 ? throttledReply() : okReply()) })
  await lab.run(callsAtOnce(4))
  expect(lab.ids()).toEqual(ids)
  expect(lab.instants()).toEqual([0, 1000, 2000, 3000, 4000])
})

test('retries are first come first served among themselves', async () => {
  const strategy = stack(retry({ jitter: 'none', base: 100 }), pace({ perSecond: 1 }))
  const lab = strategyRig({ strategy, script: throttleFirst(1), serviceTime: 950 })
  await lab.run(callsAtOnce(5))
  // 0 is back at 1050, 1 at 2050, and so on: each before the next first attempt.
  expect(lab.ids()).toEqual([0, 1, 0, 1, 2, 3, 2, 3, 4, 4])
})

test('a call that is sent again while it is still away, or after success, is not a retry', async () => {
  const lab = strategyRig({ strategy: pace({ perSecond: 1 }), script: () => okReply(), serviceTime: 500 })
  await lab.run([
    { at: 0, call: exampleCall(0) },
    { at: 1, call: exampleCall(1) },
    { at: 2, call: exampleCall(0) },
    { at: 600, call: exampleCall(2) },
    { at: 601, call: exampleCall(0) },
  ])
  expect(lab.ids()).toEqual([0, 1, 0, 2, 0])
})

test('what has failed may come back first too', async () => {
  const strategy = stack(retry({ jitter: 'none', base: 1100 }), pace({ perSecond: 1 }))
  const lab = strategyRig({
    strategy,
    script: (call, n) => (call.id === 0 && n === 0 ? failedReply(503, true) : okReply()),
  })
  await lab.run(callsAtOnce(3))
  expect(lab.ids()).toEqual([0, 1, 0, 2])
})

test('forgets calls that never came back, the oldest first', async () => {
  const lab = strategyRig({
    strategy: pace({ perSecond: 1e6 }),
    script: (call) => (call.id < 300_000 ? throttledReply() : okReply()),
  })
  const signal = new AbortController().signal
  await lab.clock.run(
    (async () => {
      for (let id = 0; id < 200_000; id++) {
        await lab.clock.sleep(1)
        await lab.send(exampleCall(id, { signal }))
      }
    })(),
  )
  lab.attempts.length = 0
  const at = lab.clock.now() + 1
  const crowdOf = (ids: readonly number[]) => ids.map((id) => ({ at, call: exampleCall(id, { signal }) }))
  await lab.run(crowdOf([300_000, 300_001, 0, 199_999]))
  expect(lab.ids()).toEqual([300_000, 199_999, 300_001, 0])
})

test('of a timer that comes very late only 50 ms are made up for', async () => {
  // Every timer is 150 ms late: two intervals of 100 would have room for a third.
  let now = 0
  const waking: { at: number; wake: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    sleep: (ms) => new Promise((wake) => waking.push({ at: now + ms + 150, wake })),
  }
  const sent: number[] = []
  const send = pace({ perSecond: 10 }).wrap(
    async () => {
      sent.push(now)
      return okReply()
    },
    { clock, random: seeded(1) },
  )
  const replies = Promise.all(callsAtOnce(4).map(({ call }) => send(call)))
  while (sent.length < 4) {
    for (let i = 0; i < 20; i++) await undefined
    const next = waking.shift()
    if (next) {
      now = next.at
      next.wake()
    }
  }
  await replies
  expect(sent).toEqual([0, 250, 450, 650])
})

test('is named after its options and checks them', () => {
  expect(pace({ perSecond: 9 }).name).toBe('pace(9/s)')
  expect(pace({ perSecond: 0.9, retriesFirst: false }).name).toBe('pace(0.9/s, fifo)')
  expect(() => pace({ perSecond: -1 })).toThrow('Expected `perSecond` to be > 0, got -1')
})
