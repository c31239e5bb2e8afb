import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { TokenReservation } from '../../../../src/strategies/pacing/token-reservation.ts'

const answer = (outputTokens: number) => ({ ...okReply(), usage: { promptTokens: 90, outputTokens } }) as Reply
const call = exampleCall(0, { promptTokens: 100, maxTokens: 500 })

test('is max_tokens at first, and then the 0.95 quantile of the outputs, max_tokens at most', () => {
  const reservation = new TokenReservation()
  expect(reservation.of(call)).toBe(600)
  for (let output = 1; output <= 100; output++) reservation.used(answer(output), 600)
  expect(reservation.of(call)).toBe(195)
  expect(reservation.of({ ...call, maxTokens: 20 })).toBe(120)
})

test('an answer used its usage, a 429 nothing, and what else happened nobody knows', () => {
  const reservation = new TokenReservation()
  expect(reservation.used(answer(7), 600)).toBe(97)
  expect(reservation.used(throttledReply(), 600)).toBe(0)
  expect(reservation.used(failedReply(500, true), 600)).toBe(600)
  expect(reservation.used(undefined, 600)).toBe(600)
})
