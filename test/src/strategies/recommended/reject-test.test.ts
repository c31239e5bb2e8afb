import { expect, test } from 'vitest'
import { RejectTest } from '../../../../src/strategies/recommended/reject-test.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'

function outcomes(...all: ('admitted' | 'denied' | 'unknown')[]): RejectTest {
  const rejects = new RejectTest()
  for (const outcome of all) {
    const attempt = new SentAttempt(0, { promptTokens: 0, maxTokens: 0 })
    rejects.send(attempt)
    rejects.end(attempt, outcome)
  }
  return rejects
}

test('takes rejects to count until four tests more have been admitted', () => {
  expect(outcomes('admitted', 'admitted', 'admitted').areFree).toBe(false)
  expect(outcomes('admitted', 'admitted', 'admitted', 'admitted').areFree).toBe(true)
  expect(outcomes('admitted', 'denied', 'admitted', 'admitted', 'admitted', 'admitted').areFree).toBe(false)
})

test('three denials end the tests for good; what is unknown says nothing', () => {
  expect(outcomes('denied', 'denied', 'unknown').isOpen).toBe(true)
  expect(outcomes('denied', 'denied', 'denied').isOpen).toBe(false)
})

test('takes back that rejects are free', () => {
  expect(outcomes('admitted', 'admitted', 'admitted', 'admitted', 'denied').areFree).toBe(false)
})

test('one test is under way at a time, and other attempts do not end it', () => {
  const rejects = new RejectTest()
  rejects.send(new SentAttempt(0, { promptTokens: 0, maxTokens: 0 }))
  rejects.end(new SentAttempt(0, { promptTokens: 0, maxTokens: 0 }), 'denied')
  expect(rejects.isOpen).toBe(false)
})
