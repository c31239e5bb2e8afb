import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import type { Strategy } from '../../../../src/core/strategy.ts'
import { type Controller, controlled } from '../../../../src/strategies/adaptive/controller.ts'
import { watched } from '../watched.ts'

/** A law that lets one attempt go every 100 ms, and tells what it learned. */
function lawOf(learned: [kind: Reply['kind'], sentAt: number, now: number][]): Controller {
  let due = 0
  return {
    opensAt: () => due,
    sent: (now) => {
      due = now + 100
    },
    learn: (reply, sentAt, now) => learned.push([reply.kind, sentAt, now]),
    state: () => ({ due }),
  }
}

function strategyOf(retryWait?: (k: number) => number) {
  const learned: [Reply['kind'], number, number][] = []
  const strategy: Strategy = {
    name: 'law',
    wrap: (next, env) => controlled('law', lawOf(learned), next, env, {}, retryWait),
  }
  return { strategy, learned }
}

test('the law learns of each reply, with the instant at which its attempt was sent', async () => {
  const { strategy, learned } = strategyOf()
  const rig = strategyRig({
    strategy,
    script: (call, n) => (call.id === 0 && n === 0 ? throttledReply() : okReply()),
    serviceTime: 10,
  })
  await rig.run(callsAtOnce(2))
  expect(learned).toEqual([
    ['throttled', 0, 10],
    ['ok', 100, 110],
    ['ok', 200, 210],
  ])
  expect(rig.ids()).toEqual([0, 0, 1])
})

test('a retry waits as the law says, and at least as long as the provider advises', async () => {
  const { strategy } = strategyOf((k) => 1000 * (k + 1))
  const rig = strategyRig({
    strategy,
    script: (_call, n) => [throttledReply('requests', 1500), failedReply(503, true), okReply()][n]!,
  })
  await rig.run(callsAtOnce(1))
  expect(rig.instants()).toEqual([0, 1500, 3500])
})

test('a call whose deadline comes in the line has its last reply, if there was one', async () => {
  const { strategy } = strategyOf()
  const given = throttledReply()
  const rig = strategyRig({ strategy, script: () => given })
  const [first, second] = await rig.run([
    { at: 0, call: exampleCall(0, { deadline: 90 }) },
    { at: 0, call: exampleCall(1, { deadline: 80 }) },
  ])
  expect(first!.reply).toBe(given)
  expect(second!.reply).toMatchObject({ code: 'DEADLINE' })
  expect(rig.attempts).toHaveLength(1)
})

test('what cannot pass is not tried again', async () => {
  for (const reply of [throttledReply('quota'), failedReply(400, false)]) {
    const { strategy } = strategyOf()
    const rig = strategyRig({ strategy, script: () => reply })
    expect((await rig.run(callsAtOnce(1)))[0]!.reply).toBe(reply)
    expect(rig.attempts).toHaveLength(1)
  }
})

test('shows the line and what the law has learned', async () => {
  const { strategy, state } = watched(strategyOf().strategy)
  const rig = strategyRig({ strategy, script: () => okReply() })
  await rig.run(callsAtOnce(1))
  expect(state('law')).toEqual({ due: 100 })
  expect(state('line')).toMatchObject({ waiting: 0 })
})
