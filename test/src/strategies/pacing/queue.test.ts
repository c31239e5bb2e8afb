import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Arrival,
  callOf,
  crowd,
  lateClock,
  ok,
  rig,
  stubRandom,
  throttleAlways,
} from '../../../../contracts/strategy-rig.ts'
import { queue } from '../../../../src/strategies/pacing/queue.ts'

const script = () => ok()

test('the fix: a crowd leaves one by one', async () => {
  const lab = rig({ strategy: queue({ rpm: 60 }), script })
  await lab.run(crowd(100))
  expect(lab.instants()).toEqual(Array.from({ length: 100 }, (_, i) => i * 1000))
  expect(lab.ids()).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('whoever comes during a wait is behind it', async () => {
  const lab = rig({ strategy: queue({ rpm: 60 }), script })
  await lab.run([0, 1, 500, 999, 6000].map((at, id) => ({ at, call: callOf(id) })))
  expect(lab.instants()).toEqual([0, 1000, 2000, 3000, 6000])
})

test('never more than ⌈rpm·w/60 000⌉ in any window of w', () => {
  return fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6000 }),
      fc.array(fc.nat(3000), { minLength: 2, maxLength: 30 }),
      async (rpm, instants) => {
        const lab = rig({ strategy: queue({ rpm }), script })
        await lab.run(instants.map((at, id) => ({ at, call: callOf(id) })))
        const sent = lab.instants()
        for (let i = 0; i < sent.length; i++) {
          for (let j = i; j < sent.length; j++) {
            expect(j - i + 1).toBeLessThanOrEqual(Math.ceil((rpm * (sent[j]! - sent[i]! + 1)) / 60_000))
          }
        }
      },
    ),
  )
})

test('an aborted call leaves its slot empty', async () => {
  const abort = new AbortController()
  const lab = rig({ strategy: queue({ rpm: 60 }), script })
  lab.at(100, () => abort.abort('gone'))
  const calls: Arrival[] = crowd(3)
  calls[1] = { at: 0, call: callOf(1, { signal: abort.signal }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[1]).toEqual({ at: 100, error: 'gone' })
  expect(lab.instants()).toEqual([0, 2000])
})

test('a call that cannot make its deadline is told at once and takes no slot', async () => {
  const lab = rig({ strategy: queue({ rpm: 60 }), script })
  const calls: Arrival[] = crowd(3)
  calls[1] = { at: 0, call: callOf(1, { deadline: 1000 }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[1]).toMatchObject({ at: 0, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(lab.instants()).toEqual([0, 1000])
})

test('does not retry', async () => {
  const lab = rig({ strategy: queue({ rpm: 60 }), script: throttleAlways })
  await lab.run(crowd(3))
  expect(lab.attempts).toHaveLength(3)
})

test('a timer that was late past the deadline is noticed', async () => {
  let attempts = 0
  const send = queue({ rpm: 60 }).wrap(
    async () => {
      attempts++
      return ok()
    },
    { clock: lateClock(5), random: stubRandom(0) },
  )
  await send(callOf(0))
  expect(await send(callOf(1, { deadline: 1003 }))).toMatchObject({ kind: 'failed', code: 'DEADLINE' })
  expect(attempts).toBe(1)
})

test('is named after its options and checks them', () => {
  expect(queue({ rpm: 600 }).name).toBe('queue(600/min)')
  expect(() => queue({ rpm: -1 })).toThrow('Expected `rpm` to be > 0, got -1')
})
