import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failedReply, throttleAlways, throttledReply, throttleFirst } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { sdkOpenai } from '../../../../src/strategies/retry/sdk-openai.ts'

/** Returns the instants of the attempts at one call that gets this reply every time. */
async function instants(reply: ReturnType<typeof throttledReply>, { retries = 2, u = 0 } = {}) {
  const rig = strategyRig({ strategy: sdkOpenai({ retries }), script: () => reply, random: stubRandom(u) })
  await rig.run(callsAtOnce(1))
  return rig.instants()
}

test('waits 0.5 s, 1 s, … 8 s, each up to a quarter shorter', async () => {
  expect(await instants(throttledReply())).toEqual([0, 500, 1500])
  expect(await instants(throttledReply(), { u: 0.5 })).toEqual([0, 438, 1313])
  expect(await instants(throttledReply(), { retries: 6 })).toEqual([0, 500, 1500, 3500, 7500, 15_500, 23_500])
  expect(await instants(throttledReply(), { retries: 0 })).toEqual([0])
})

property.prop([fc.nat(8), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])(
  'waits by the formula of the SDK’s source',
  async (retries, u) => {
    const waits = Array.from({ length: retries }, (_, k) =>
      Math.ceil(1000 * Math.min(0.5 * 2 ** k, 8) * (1 - 0.25 * u)),
    )
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
    const expected = [0, ...waits.map((_, k) => sum(waits.slice(0, k + 1)))]
    expect(await instants(throttledReply(), { retries, u })).toEqual(expected)
  },
)

test.each([
  ['exactly as advised, be it shorter than its own wait', 200, [0, 200, 400]],
  ['exactly as advised, be it longer', 120_000, [0, 120_000, 240_000]],
  ['not at all after longer advice: it gives up', 120_001, [0]],
])('waits %s', async (_how, retryAfter, expected) => {
  expect(await instants({ ...throttledReply(), retryAfter } as never)).toEqual(expected)
})

test('retries after a 429 of any cause, and after a failure that is retryable, but after no other', async () => {
  for (const reply of [throttledReply('quota'), throttledReply('tokens'), failedReply(503, true)])
    expect(await instants(reply as never)).toHaveLength(3)
  expect(await instants(failedReply(400, false) as never)).toHaveLength(1)
})

test('hands on the answer, and sends nothing at or after the deadline', async () => {
  const answered = strategyRig({ strategy: sdkOpenai(), script: throttleFirst(2) })
  expect((await answered.run(callsAtOnce(1)))[0]!.reply!.kind).toBe('ok')
  const late = strategyRig({ strategy: sdkOpenai(), script: throttleAlways, random: stubRandom(0) })
  await late.run([{ at: 0, call: { ...exampleCall(1), deadline: 1500 } }])
  expect(late.instants()).toEqual([0, 500])
})

test('an option that the SDK would not take is refused', () => {
  for (const retries of [-1, 0.5, 32, Number.NaN])
    expect(() => sdkOpenai({ retries })).toThrow(/^Expected `retries` to be /)
})
