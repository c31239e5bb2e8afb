import { expect, test } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { articleQueue } from '../../../../src/strategies/article/queue.ts'

const script = () => okReply()

test('the race: of a crowd, one leaves at once and all the others together, one interval later', async () => {
  const lab = strategyRig({ strategy: articleQueue({ rpm: 60 }), script })
  await lab.run(callsAtOnce(100))
  expect(lab.instants()).toEqual([0, ...Array(99).fill(1000)])
})

test('the race goes on: whoever comes during a wait leaves as if nobody were waiting', async () => {
  const lab = strategyRig({ strategy: articleQueue({ rpm: 60 }), script })
  await lab.run([0, 1, 500, 999].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.instants()).toEqual([0, 1000, 1000, 1000])
})

test('spaces a sequence as it should', async () => {
  const lab = strategyRig({ strategy: articleQueue({ rpm: 90 }), script })
  await lab.run([0, 1, 700, 1400, 5000].map((at, id) => ({ at, call: exampleCall(id) })))
  // 666.67 ms, rounded up.
  expect(lab.instants()).toEqual([0, 667, 1334, 2001, 5000])
})

test('the first call waits for nothing', async () => {
  const lab = strategyRig({ strategy: articleQueue(), script })
  const [outcome] = await lab.run(callsAtOnce(1))
  expect(outcome!.at).toBe(0)
})

test('a call whose deadline comes during the wait is not sent', async () => {
  const lab = strategyRig({ strategy: articleQueue(), script })
  const outcomes = await lab.run([callsAtOnce(1)[0]!, { at: 0, call: exampleCall(1, { deadline: 1000 }) }])
  expect(outcomes[1]).toMatchObject({ at: 1000, reply: { kind: 'failed', code: 'DEADLINE' } })
  expect(lab.ids()).toEqual([0])
})

test('is named after its options and checks them', () => {
  expect(articleQueue().name).toBe('articleQueue(60/min)')
  expect(() => articleQueue({ rpm: 0 })).toThrow('Expected `rpm` to be > 0, got 0')
})
