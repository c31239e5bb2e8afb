import { expect, test } from 'vitest'
import { HeldReplies } from '../../../../sim/gateway/http/held-replies.ts'

const mebi = 1024 * 1024

test('a reply alone may have 64 Mi characters', () => {
  const reply = new HeldReplies().begin()
  expect(reply.add(64 * mebi)).toBe(true)
  expect(reply.add(1)).toBe(false)
})

test('replies together may have 128 Mi characters, and beyond them one that is no longer than an even share', () => {
  const replies = new HeldReplies()
  const long = [replies.begin(), replies.begin()]
  for (const reply of long) expect(reply.add(64 * mebi)).toBe(true)
  const further = replies.begin()
  expect(further.add(40 * mebi)).toBe(true)
  expect(further.add(3 * mebi)).toBe(false)
})

test('a reply counts until it is released, once, and has no more room after that', () => {
  const replies = new HeldReplies()
  const first = replies.begin()
  first.add(64 * mebi)
  replies.begin().add(64 * mebi)
  const third = replies.begin()
  first.release()
  first.release()
  expect(first.add(1)).toBe(false)
  expect(third.add(64 * mebi)).toBe(true)
  expect(third.add(1)).toBe(false)
})
