import fc from 'fast-check'
import { expect, test } from 'vitest'
import { okReply, type ProviderScript } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { seeded } from '../../../../src/core/random.ts'
import type { Strategy } from '../../../../src/core/strategy.ts'
import { concurrency } from '../../../../src/strategies/pacing/concurrency.ts'

test('at most `limit` in flight, first come first served', async () => {
  const lab = strategyRig({ strategy: concurrency({ limit: 2 }), script: () => okReply(), serviceTime: 100 })
  await lab.run(callsAtOnce(5))
  expect(lab.instants()).toEqual([0, 0, 100, 100, 200])
  expect(lab.ids()).toEqual([0, 1, 2, 3, 4])
})

test('a slot is freed when an attempt throws, and when it is aborted', async () => {
  const abort = new AbortController()
  const lab = strategyRig({
    strategy: concurrency({ limit: 1 }),
    serviceTime: 100,
    script: (call) => {
      if (call.id === 1) throw new Error('reset')
      return okReply()
    },
  })
  lab.at(50, () => abort.abort('gone'))
  const outcomes = await lab.run([
    { at: 0, call: exampleCall(0, { signal: abort.signal }) },
    { at: 0, call: exampleCall(1) },
    { at: 0, call: exampleCall(2) },
  ])
  expect(outcomes[0]).toEqual({ at: 50, error: 'gone' })
  expect(outcomes[1]).toMatchObject({ at: 50, error: { message: 'reset' } })
  expect(outcomes[2]).toMatchObject({ at: 150, reply: { kind: 'ok' } })
})

test('an aborted or expired call leaves the line without a slot', async () => {
  const abort = new AbortController()
  const lab = strategyRig({ strategy: concurrency({ limit: 1 }), script: () => okReply(), serviceTime: 100 })
  lab.at(50, () => abort.abort('gone'))
  const outcomes = await lab.run([
    { at: 0, call: exampleCall(0) },
    { at: 0, call: exampleCall(1, { signal: abort.signal }) },
    { at: 0, call: exampleCall(2, { deadline: 100 }) },
    { at: 0, call: exampleCall(3) },
  ])
  expect(outcomes[1]).toEqual({ at: 50, error: 'gone' })
  expect(outcomes[2]).toMatchObject({ at: 100, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(lab.ids()).toEqual([0, 3])
  expect(lab.instants()).toEqual([0, 100])
})

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'a call aborted %i microtasks after the reply that frees its slot hands it on',
  async (microtasks) => {
    const abort = new AbortController()
    const sent: number[] = []
    const replies = new Map<number, (reply: Reply) => void>()
    const send = concurrency({ limit: 1 }).wrap(
      (call) => {
        sent.push(call.id)
        return new Promise((resolve, reject) => {
          replies.set(call.id, resolve)
          call.signal.addEventListener('abort', () => reject(call.signal.reason))
        })
      },
      { clock: virtualClock(), random: seeded(1) },
    )
    const outcomes = Promise.allSettled(
      [exampleCall(0), exampleCall(1, { signal: abort.signal }), exampleCall(2)].map(send),
    )
    for (let i = 0; i < 10; i++) await undefined
    replies.get(0)!(okReply())
    for (let i = 0; i < microtasks; i++) await undefined
    // From some of these moments on the call has had its turn, and from some later one on it has been sent.
    const isSent = sent.includes(1)
    abort.abort('gone')
    for (let i = 0; i < 20; i++) await undefined
    replies.get(2)!(okReply())
    expect((await outcomes)[1]).toEqual({ status: 'rejected', reason: 'gone' })
    expect(sent).toEqual(isSent ? [0, 1, 2] : [0, 2])
  },
)

test('never more than `limit`, and every slot comes back, however the calls end', async () => {
  const visits = fc.array(
    fc.record({ at: fc.nat(300), abortAt: fc.option(fc.nat(400), { nil: undefined }), faulty: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), visits, async (limit, visits) => {
      const strategy = concurrency({ limit })
      let inFlight = 0
      let most = 0
      const counting: Strategy = {
        name: 'counting',
        wrap: (next, env) =>
          strategy.wrap(async (call) => {
            most = Math.max(most, ++inFlight)
            try {
              return await next(call)
            } finally {
              inFlight--
            }
          }, env),
      }
      const script: ProviderScript = (call) => {
        if (visits[call.id]!.faulty) throw new Error('reset')
        return okReply()
      }
      const lab = strategyRig({ strategy: counting, script, serviceTime: 50 })
      const arrivals = visits.map(({ at, abortAt }, id): ScheduledCall => {
        const abort = new AbortController()
        if (abortAt !== undefined) lab.at(abortAt, () => abort.abort('gone'))
        return { at, call: exampleCall(id, { signal: abort.signal }) }
      })
      const outcomes = await lab.run(arrivals)
      expect(most).toBeLessThanOrEqual(limit)
      expect(inFlight).toBe(0)
      for (const { reply, error } of outcomes) expect(reply?.kind === 'ok' || error !== undefined).toBe(true)
      // All slots are free again: a crowd of `limit` leaves at once.
      lab.attempts.length = 0
      const now = lab.clock.now()
      await lab.run(visits.slice(0, limit).map((_, id) => ({ at: now, call: exampleCall(id) })))
      expect(lab.instants().every((at) => at === now)).toBe(true)
    }),
  )
})

test('is named after its options and checks them', () => {
  expect(concurrency({ limit: 8 }).name).toBe('concurrency(8)')
  expect(() => concurrency({ limit: 1.5 })).toThrow('Expected `limit` to be a whole number >= 1, got 1.5')
})
