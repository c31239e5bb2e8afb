import { expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { slidingLog } from '../../../../sim/limiters/sliding-log.ts'
import type { Call } from '../../../../src/core/call.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { AccountMirror } from '../../../../src/strategies/recommended/account-mirror.ts'

/** The delay of a reply to a denied attempt, and the time that an admitted one takes, in milliseconds. */
const delay = 40
const service = 8000
/** The output tokens of `okReply`. */
const output = 10

test('finds out that a provider reserves max_tokens, and does not flood it meanwhile', () => {
  const mirror = new AccountMirror([])
  const limiter = slidingLog({ rule: 'tps', limit: 12_000, window: 12_000 })
  const pending: { readonly at: number; readonly end: () => void }[] = []
  let denied = 0
  let deniedLate = 0
  for (let now = 0, n = 0; now < 300_000; now += 20) {
    for (const { end } of pending.filter(({ at }) => at === now)) end()
    for (;;) {
      const call = { promptTokens: 100 + ((n * 37) % 9) * 100, maxTokens: n % 10 < 5 ? 5000 : 200 } as Call
      if (mirror.opensAt(call, now) > now) break
      n++
      const cost = { requests: 1, tokens: call.promptTokens + call.maxTokens }
      const ended = mirror.pass(call, now)
      const sentAt = now
      if (limiter.check(cost, now)) {
        denied++
        if (now > 200_000) deniedLate++
        pending.push({ at: now + delay, end: () => ended(throttledReply('tokens'), sentAt + delay) })
        continue
      }
      limiter.charge(cost, now)
      const refund = { requests: 0, tokens: call.maxTokens - output }
      pending.push({
        at: now + service,
        end: () => {
          limiter.refund(refund, sentAt, sentAt + service)
          ended(okReply(), sentAt + service)
        },
      })
    }
  }
  expect(mirror.inspect()).toMatchObject({ reservesTokens: true })
  expect(denied).toBeLessThan(60)
  expect(deniedLate).toBeLessThan(10)
})

test('keeps to the lowest of the limits that it is told of one window', () => {
  const window = 60_000
  const told: readonly Limit[] = [
    { rule: 'rpm', limit: 600, window },
    { rule: 'rpm', limit: 300, window },
    { rule: 'plan-hour', limit: 400, window },
  ]
  for (const limits of [told, told.toReversed()])
    expect(new AccountMirror(limits).inspect().limits).toMatchObject([{ unit: 'requests', window, limit: 300 }])
})
