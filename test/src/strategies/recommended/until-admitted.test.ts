import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { untilAdmitted } from '../../../../src/strategies/recommended/until-admitted.ts'
import { expired } from '../../../../src/strategies/wait.ts'

/** Sends one call whose attempts get these replies. Returns the reply of the call and the number of attempts that were made. */
async function sent(...replies: readonly Reply[]) {
  let attempts = 0
  const reply = await untilAdmitted(async () => replies[attempts++]!)(exampleCall(0))
  return { reply, attempts }
}

const [throttled, ok, failed] = [throttledReply(), okReply(), failedReply(500, true)]

test('a call is sent until it is not throttled', async () => {
  expect(await sent(throttled, throttled, ok)).toEqual({ reply: ok, attempts: 3 })
  expect(await sent(throttled, failed)).toEqual({ reply: failed, attempts: 2 })
})

test('a free quota that is used up ends it', async () => {
  const used = throttledReply('quota')
  expect(await sent(throttled, used)).toEqual({ reply: used, attempts: 2 })
})

test('at its deadline a call gets the last reply that it had, if it had one', async () => {
  expect((await sent(throttled, expired)).reply).toBe(throttled)
  expect((await sent(expired)).reply).toBe(expired)
})
