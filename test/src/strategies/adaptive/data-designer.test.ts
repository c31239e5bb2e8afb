import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { dataDesigner } from '../../../../src/strategies/adaptive/data-designer.ts'
import { watched } from '../watched.ts'

/** Sends one call after the other, `gap` ms apart, each with one attempt, and returns the limit after each. */
async function limitsAfter(replies: readonly Reply[], { most = 64, gap = 10_000 } = {}) {
  const { strategy, state } = watched(dataDesigner({ most }))
  const rig = strategyRig({ strategy, script: (call) => replies[call.id]! })
  const limits: unknown[] = []
  for (const id of replies.keys()) {
    const at = (id + 1) * gap
    await rig.run([{ at, call: exampleCall(id, { deadline: at + 1 }) }])
    limits.push(state('dataDesigner').limit)
  }
  return limits
}
const ok = okReply()
const denied = throttledReply()

test('the first of several 429s in a row takes a quarter, rounded down', async () => {
  expect(await limitsAfter([denied, denied, denied])).toEqual([48, 48, 48])
  expect(await limitsAfter([denied, ok, denied, failedReply(500, true), denied])).toEqual([48, 48, 36, 36, 27])
  expect(await limitsAfter([denied, ok, denied], { most: 2 })).toEqual([1, 1, 1])
})

test('25 answers in a row add 1, up to a tenth above the least limit that was denied', async () => {
  const answers = (count: number) => Array<Reply>(count).fill(ok)
  expect((await limitsAfter([denied, ...answers(24)], { most: 10 })).at(-1)).toBe(7)
  expect((await limitsAfter([denied, ...answers(25)], { most: 10 })).at(-1)).toBe(8)
  expect((await limitsAfter([denied, ...answers(20), denied, ...answers(20)], { most: 10 })).at(-1)).toBe(5)
  expect((await limitsAfter([denied, ...answers(200)], { most: 10 })).at(-1)).toBe(10)
  // Denied at 10, and again at 7: growth ends at 8. Denied there, it still does.
  expect((await limitsAfter([denied, ok, denied, ...answers(300)], { most: 10 })).at(-1)).toBe(8)
  const again = [denied, ok, denied, ...answers(75), denied, ...answers(300)]
  expect((await limitsAfter(again, { most: 10 })).at(-1)).toBe(8)
})

test.each([
  [undefined, 2000],
  [7000, 7000],
])('after a 429 with the advice %s nothing is sent for %d ms', async (advice, rest) => {
  const rig = strategyRig({
    strategy: dataDesigner(),
    script: (call) => (call.id === 0 ? throttledReply('requests', advice) : okReply()),
  })
  await rig.run([
    { at: 0, call: exampleCall(0, { deadline: 1 }) },
    { at: 1, call: exampleCall(1) },
  ])
  expect(rig.instants()).toEqual([0, rest])
})

test('is named after its options and checks them', () => {
  expect(dataDesigner().name).toBe('dataDesigner(64)')
  expect(() => dataDesigner({ most: 0 })).toThrow('Expected `most` to be >= 1, got 0')
})
