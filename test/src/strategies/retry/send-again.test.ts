import { expect, test } from 'vitest'
import { throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import { sendAgain } from '../../../../src/strategies/retry/send-again.ts'

test('asks after every reply how long to wait, rounds up, and ends when there is no wait', async () => {
  const clock = virtualClock()
  const asked: unknown[] = []
  const instants: number[] = []
  const replies = [0, 1, 2].map(() => throttledReply())
  const send = async () => replies[instants.push(clock.now()) - 1]!
  const last = await clock.run(
    sendAgain(exampleCall(0), send, clock, (reply, k) => {
      asked.push([reply, k])
      return [10.2, 5][k]
    }),
  )
  expect(instants).toEqual([0, 11, 16])
  expect(asked).toEqual(replies.map((reply, k) => [reply, k]))
  expect(last).toBe(replies[2])
})
