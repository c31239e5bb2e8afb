import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { harmlessJson } from '../../src/core/printable.ts'

/** Replies with JSON that a terminal shows without obeying it. Strangers wrote some of its texts. */
export function jsonReply(c: Context, value: object, status: ContentfulStatusCode = 200): Response {
  return c.body(harmlessJson(value), status, { 'content-type': 'application/json' })
}
