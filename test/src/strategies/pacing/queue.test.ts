import fc from 'fast-check'
import { expect, test } from 'vitest'
import { okReply, throttleAlways } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { lateClock, stubRandom } from '../../../../contracts/stub-env.ts'
import { queue } from '../../../../src/strategies/pacing/queue.ts'

const script = () => okReply()

test('the fix: a crowd leaves one by one', async () => {
  const lab = strategyRig({ strategy: queue({ rpm: 60 }), script })
  await lab.run(callsAtOnce(100))
  expect(lab.instants()).toEqual(Array.from({ length: 100 }, (_, i) => i * 1000))
  expect(lab.ids()).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('whoever comes during a wait is behind it', async () => {
  const lab = strategyRig({ strategy: queue({ rpm: 60 }), script })
  await lab.run([0, 1, 500, 999, 6000].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.instants()).toEqual([0, 1000, 2000, 3000, 6000])
})

test('never more than ⌈rpm·w/60 000⌉ in any window of w', () => {
  return fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6000 }),
      fc.array(fc.nat(3000), { minLength: 2, maxLength: 30 }),
      async (rpm, instants) => {
        const lab = strategyRig({ strategy: queue({ rpm }), script })
        await lab.run(instants.map((at, id) => ({ at, call: exampleCall(id) })))
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
  const lab = strategyRig({ strategy: queue({ rpm: 60 }), script })
  lab.at(100, () => abort.abort('gone'))
  const calls: ScheduledCall[] = callsAtOnce(3)
  calls[1] = { at: 0, call: exampleCall(1, { signal: abort.signal }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[1]).toEqual({ at: 100, error: 'gone' })
  expect(lab.instants()).toEqual([0, 2000])
})

test('a call that cannot make its deadline is told at once and takes no slot', async () => {
  const lab = strategyRig({ strategy: queue({ rpm: 60 }), script })
  const calls: ScheduledCall[] = callsAtOnce(3)
  calls[1] = { at: 0, call: exampleCall(1, { deadline: 1000 }) }
  const outcomes = await lab.run(calls)
  expect(outcomes[1]).toMatchObject({ at: 0, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(lab.instants()).toEqual([0, 1000])
})

test('does not retry', async () => {
  const lab = strategyRig({ strategy: queue({ rpm: 60 }), script: throttleAlways })
  await lab.run(callsAtOnce(3))
  expect(lab.attempts).toHaveLength(3)
})

test('a timer that was late past the deadline is noticed', async () => {
  let attempts = 0
  const send = queue({ rpm: 60 }).wrap(
    async () => {
      attempts++
      return okReply()
    },
    { clock: lateClock(5), random: stubRandom(0) },
  )
  await send(exampleCall(0))
  expect(await send(exampleCall(1, { deadline: 1003 }))).toMatchObject({ kind: 'failed', code: 'DEADLINE' })
  expect(attempts).toBe(1)
})

test('is named after its options and checks them', () => {
  expect(queue({ rpm: 600 }).name).toBe('queue(600/min)')
  expect(() => queue({ rpm: -1 })).toThrow('Expected `rpm` to be > 0, got -1')
})
