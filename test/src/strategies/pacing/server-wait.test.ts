import { expect, test } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { serverWait } from '../../../../src/strategies/pacing/server-wait.ts'

test.each([
  ['without a deadline', Infinity, 30_000],
  ['of no more than the time that is left', 20_999, 20_000],
  ['of whole seconds', 999, 0],
  ['of nothing after the deadline', -5000, 0],
])('asks for a wait %s', async (_what, deadline, wait) => {
  const rig = strategyRig({ strategy: serverWait(), script: () => okReply() })
  await rig.run([{ at: 0, call: exampleCall(0, { deadline }) }])
  expect(rig.attempts.map(({ call }) => call.serverWait)).toEqual([wait])
})

test('is named after its option and checks it', () => {
  expect(serverWait({ wait: 3000 }).name).toBe('serverWait(3000 ms)')
  expect(() => serverWait({ wait: 120_001 })).toThrow('Expected `wait` to be >= 0 and <= 120000')
})
