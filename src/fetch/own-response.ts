import { deadlineCode, type Reply } from '../core/call.ts'

/**
 * The response to a call that the strategy has answered by itself, in the envelope of the compatible protocol. Its status is that of the reply, or 429
 * for a call that was never sent, so that every SDK raises the error that it raises for a rate limit. It tells SDKs not to try again.
 */
export function ownResponse(reply: Exclude<Reply, { kind: 'ok' }>, strategy: string): Response {
  const { code = 'THROTTLED', status = 429 } = reply.kind === 'failed' ? reply : {}
  const message =
    code === deadlineCode
      ? `The call was not sent, because its \`patience\` ended while it waited in the strategy ${strategy} (a message of ratelab).`
      : `The strategy ${strategy} has answered the call by itself: ${code} (a message of ratelab).`
  const isStatus = status >= 400 && status <= 599
  return Response.json(
    { error: { message, type: 'ratelab', param: null, code } },
    { status: isStatus ? status : 429, headers: { 'x-should-retry': 'false' } },
  )
}
