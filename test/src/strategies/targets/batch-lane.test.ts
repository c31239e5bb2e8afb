import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Call, Reply, Send } from '../../../../src/core/call.ts'
import { seeded } from '../../../../src/core/random.ts'
import { stack } from '../../../../src/core/strategy.ts'
import { pace } from '../../../../src/strategies/pacing/pace.ts'
import { batchLane } from '../../../../src/strategies/targets/batch-lane.ts'

/** Sends calls, all at 0, to an online lane that answers with `online`, and returns when each attempt was sent where. */
async function sent(calls: readonly Call[], online: Reply, inner = stack()) {
  const clock = virtualClock()
  const attempts: (readonly [at: number, endpoint: string, deadline: number])[] = []
  const next: Send = async ({ target, deadline }) => {
    attempts.push([clock.now(), target.endpoint, deadline])
    return target.endpoint === 'batch' ? okReply() : online
  }
  const send = batchLane(inner, { endpoint: 'batch', after: 2500, longest: 10_000 }).wrap(next, {
    clock,
    random: seeded(1),
  })
  const replies = await clock.run(Promise.all(calls.map((call) => send(call))))
  return {
    attempts: attempts.map(([at, endpoint]) => [at, endpoint]),
    replies,
    deadlines: attempts.map((each) => each[2]),
  }
}

const { endpoint } = exampleCall(0).target
const pacing = pace({ perSecond: 1, skipLate: false })

test('what would not be sent online in time goes to the batch lane when that is known', async () => {
  const calls = [0, 1, 2, 3].map((id) => exampleCall(id))
  const { attempts, replies } = await sent(calls, okReply(), pacing)
  expect(attempts).toEqual([
    [0, endpoint],
    [1000, endpoint],
    [2000, endpoint],
    // The line looks at its head when that would be next.
    [3000, 'batch'],
  ])
  expect(replies.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok'])
})

test('a call whose deadline the batch lane might miss stays online, with its own deadline', async () => {
  const calls = [exampleCall(0, { deadline: 12_499 }), exampleCall(1, { deadline: 12_500 })]
  const { attempts, replies, deadlines } = await sent(calls, throttledReply())
  expect(attempts).toEqual([
    [0, endpoint],
    [0, endpoint],
    [0, 'batch'],
  ])
  expect(deadlines).toEqual([12_499, 12_500, 12_500])
  expect(replies.map(({ kind }) => kind)).toEqual(['throttled', 'ok'])
})

test('what is wrong with a call is wrong in both lanes, so that it is sent once', async () => {
  const { attempts, replies } = await sent([exampleCall(0)], failedReply(400, false))
  expect([attempts, replies]).toEqual([[[0, endpoint]], [failedReply(400, false)]])
})

test('options are checked', () => {
  const make = (options: object) => () => batchLane(stack(), { endpoint: 'batch', ...options })
  expect(make({ endpoint: '' })).toThrow('Expected `endpoint` to be a non-empty string, got ""')
  expect(make({ after: -1 })).toThrow('Expected `after` to be >= 0')
  expect(make({ longest: 0.5 })).toThrow('Expected `longest` to be a whole number')
})
