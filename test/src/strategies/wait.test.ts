import { expect, test } from 'vitest'
import { exampleCall } from '../../../contracts/strategy-rig.ts'
import { expired, mayBeSent } from '../../../src/strategies/wait.ts'

test('a call may be sent strictly before its deadline', () => {
  expect(mayBeSent(exampleCall(0, { deadline: 100 }), 99)).toBe(true)
  expect(mayBeSent(exampleCall(0, { deadline: 100 }), 100)).toBe(false)
})

test('a call aborted at the instant its wait ended is not sent', () => {
  const reason = new Error('gone')
  expect(() => mayBeSent(exampleCall(0, { signal: AbortSignal.abort(reason) }), 0)).toThrow(reason)
})

test('an expired call says that it was never sent and that trying again is in vain', () => {
  expect(expired).toEqual({ kind: 'failed', status: 0, code: 'DEADLINE', retryable: false, body: undefined })
  expect(Object.isFrozen(expired)).toBe(true)
})
