import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Call, Reply, Send } from '../../../../src/core/call.ts'
import { seeded } from '../../../../src/core/random.ts'
import { hedge } from '../../../../src/strategies/targets/hedge.ts'

/** Sends one call over a hedge to a provider whose attempts take these times, or never end (0), with these replies. */
async function hedged(times: readonly number[], replies: readonly Reply[], call: Call = exampleCall(0)) {
  const clock = virtualClock()
  const attempts: { readonly at: number; readonly call: Call; abortedAt?: number }[] = []
  const next: Send = async (sent) => {
    const n = attempts.length
    const attempt: (typeof attempts)[number] = { at: clock.now(), call: sent }
    attempts.push(attempt)
    sent.signal.addEventListener('abort', () => (attempt.abortedAt = clock.now()))
    await clock.sleep(times[n] || 1e9, sent.signal)
    return replies[n]!
  }
  const send = hedge({ after: 2000 }).wrap(next, { clock, random: seeded(1) })
  const settled = send(call).then(
    (reply) => ({ at: clock.now(), reply }),
    (error) => ({ at: clock.now(), error }),
  )
  await clock.run(settled)
  return { ...(await settled), attempts, clock }
}

const ok = [okReply(), okReply()]

test('a call that is answered in time is sent once', async () => {
  const { at, reply, attempts } = (await hedged([1500], ok)) as { at: number; reply: Reply; attempts: { at: number }[] }
  expect([at, reply, attempts.map((each) => each.at)]).toEqual([1500, ok[0], [0]])
})

test.each([
  ['the first', [4000, 3000], 0, 4000],
  ['the second', [0, 1000], 1, 3000],
])('%s attempt wins, and the other is aborted', async (_which, times, winner, end) => {
  const result = await hedged(times, ok)
  expect(result).toMatchObject({ at: end, reply: ok[winner]! })
  expect(result.attempts.map(({ at }) => at)).toEqual([0, 2000])
  expect(result.attempts[1 - winner]!.abortedAt).toBe(end)
  // The answer of the winner may still be read, so its signal stays quiet.
  expect(result.attempts[winner]!.call.signal.aborted).toBe(false)
})

test('a refusal ends the call only if no other attempt is under way', async () => {
  const refused = throttledReply()
  expect(await hedged([500], [refused])).toMatchObject({ at: 500, reply: refused, attempts: { length: 1 } })
  expect(await hedged([2500, 4000], [refused, ok[1]!])).toMatchObject({ at: 6000, reply: ok[1]! })
  expect(await hedged([2500, 4000], [refused, failedReply(400, false)])).toMatchObject({ at: 6000, reply: refused })
})

test('an abort ends every attempt, with its reason', async () => {
  const abort = new AbortController()
  const call = exampleCall(0, { signal: abort.signal })
  const clock = virtualClock()
  const signals: Call['signal'][] = []
  const next: Send = (sent) => {
    signals.push(sent.signal)
    return clock.sleep(1e9, sent.signal).then(() => okReply())
  }
  const settled = hedge({ after: 2000 }).wrap(next, { clock, random: seeded(1) })(call)
  const seen = expect(settled).rejects.toBe('enough')
  void clock.sleep(3000).then(() => abort.abort('enough'))
  await clock.run(clock.sleep(4000))
  await seen
  expect(signals.map(({ aborted, reason }) => [aborted, reason])).toEqual(Array(2).fill([true, 'enough']))
})

test('nothing is sent at or after the deadline', async () => {
  const { attempts } = await hedged([3000], ok, exampleCall(0, { deadline: 2000 }))
  expect(attempts).toHaveLength(1)
})

property.prop([fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 6000 })])(
  'the answer comes at the earlier of the two, and there is never a third attempt',
  async (first, second) => {
    const { at, attempts } = await hedged([first, second], ok)
    const isHedged = first > 2000
    expect(at).toBe(isHedged ? Math.min(first, 2000 + second) : first)
    expect(attempts).toHaveLength(isHedged ? 2 : 1)
  },
)

test('a wrong wait is named', () => {
  expect(() => hedge({ after: 0 })).toThrow('after')
})
