import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { seeded } from '../../../../src/core/random.ts'
import { untilAdmitted } from '../../../../src/strategies/recommended/until-admitted.ts'
import { expired } from '../../../../src/strategies/wait.ts'

/** Sends one call whose attempts get these replies. Returns the reply of the call and the number of attempts that were made. */
async function sent(...replies: readonly Reply[]) {
  let attempts = 0
  const clock = virtualClock()
  const send = untilAdmitted(async () => replies[attempts++] ?? throttledReply(), {
    clock,
    random: { ...seeded(1), next: () => 0.5 },
  })
  const reply = await clock.run(send(exampleCall(0)))
  return { reply, attempts, at: clock.now() }
}

const [throttled, ok, failed, refused] = [throttledReply(), okReply(), failedReply(500, true), failedReply(400, false)]

test('a call is sent until it is not throttled', async () => {
  expect(await sent(throttled, throttled, ok)).toEqual({ reply: ok, attempts: 3, at: 0 })
  expect(await sent(throttled, refused)).toEqual({ reply: refused, attempts: 2, at: 0 })
})

test('a failure that is retryable is tried again twice, after 375 ms and 750 ms on average', async () => {
  expect(await sent(failed, throttled, failed, ok)).toEqual({ reply: ok, attempts: 4, at: 375 + 750 })
  expect(await sent(failed, failed, failed, ok)).toEqual({ reply: failed, attempts: 3, at: 375 + 750 })
})

test('a free quota that is used up ends it', async () => {
  const used = throttledReply('quota')
  expect(await sent(throttled, used)).toEqual({ reply: used, attempts: 2, at: 0 })
})

test('at its deadline a call gets the last reply that it had, if it had one', async () => {
  expect((await sent(throttled, expired)).reply).toBe(throttled)
  expect((await sent(expired)).reply).toBe(expired)
})

test('a call that is denied again and again steps aside, longer each time, and is given up in the end', async () => {
  expect((await sent(throttled, throttled, throttled, throttled, throttled, ok)).at).toBe(2000)
  expect((await sent(throttled, throttled, throttled, throttled, throttled, throttled, ok)).at).toBe(2000 + 4000)
  const { reply, attempts, at } = await sent()
  expect([reply.kind, attempts, at]).toEqual(['throttled', 20, 2000 + 4000 + 8000 + 16_000 + 32_000 + 10 * 60_000])
})
