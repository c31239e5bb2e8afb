import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { articleFallback } from '../../../../src/strategies/article/fallback.ts'

test('falls back on a 429, at once, and says which model answered', async () => {
  const lab = strategyRig({
    strategy: articleFallback(),
    serviceTime: 20,
    script: (call) => (call.target.model === 'qwen-turbo' ? okReply(call.target.model) : throttledReply()),
  })
  const [outcome] = await lab.run(callsAtOnce(1))
  expect(lab.attempts.map(({ at, call }) => [at, call.target.model])).toEqual([
    [0, 'qwen3-max'],
    [20, 'qwen-plus'],
    [40, 'qwen-turbo'],
  ])
  expect(outcome).toMatchObject({ at: 60, reply: { kind: 'ok', model: 'qwen-turbo' } })
})

test('asks the next call of the preferred model again', async () => {
  const lab = strategyRig({
    strategy: articleFallback(),
    script: (_call, n) => (n === 0 ? throttledReply() : okReply()),
  })
  await lab.run([0, 1].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.attempts.map(({ call }) => call.target.model)).toEqual([
    'qwen3-max',
    'qwen-plus',
    'qwen3-max',
    'qwen-plus',
  ])
})

test('when all are throttled, the last one speaks', async () => {
  const given: Reply[] = []
  const lab = strategyRig({ strategy: articleFallback(), script: (_call, n) => (given[n] = throttledReply()) })
  const [outcome] = await lab.run(callsAtOnce(1))
  expect(given).toHaveLength(3)
  expect(outcome!.reply).toBe(given[2])
})

test('falls back on nothing but a 429, and not past the deadline', async () => {
  const broken = strategyRig({ strategy: articleFallback(), script: () => failedReply(500, true) })
  await broken.run(callsAtOnce(1))
  expect(broken.attempts).toHaveLength(1)

  const late = strategyRig({ strategy: articleFallback(), serviceTime: 20, script: () => throttledReply() })
  const [outcome] = await late.run(callsAtOnce(1, 0, { deadline: 40 }))
  expect(late.instants()).toEqual([0, 20])
  expect(outcome).toMatchObject({ at: 40, reply: { kind: 'throttled' } })
})

test('is named after its options and checks them', () => {
  expect(articleFallback().name).toBe('articleFallback(qwen3-max > qwen-plus > qwen-turbo)')
  expect(() => articleFallback({ models: [] })).toThrow('Expected `models` to be a list')
})
