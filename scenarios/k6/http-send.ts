import http from 'k6/http'
import type { Call, Reply, Send } from '../../src/core/call.ts'
import { modelIn, reportedUsage } from '../../src/fetch/reported-usage.ts'
import { errorMeaning, serviceErrorIn, unknownError } from '../../src/fetch/service-error.ts'

/** Sends each attempt as a chat request over k6's HTTP client. Rejects with an error when no reply comes within 300 s of real time. */
export function httpSend(baseUrl: string): Send {
  return async (call) => {
    const { status, body } = await http.asyncRequest('POST', `${baseUrl}/chat/completions`, bodyOf(call), {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${call.target.key}` },
      // A 429 is an expected reply: k6 does not count it as a failed request. What becomes of the call is counted by the tally.
      responseCallback: http.expectedStatuses(200, 429),
      timeout: '300s',
    })
    if (status === 0) throw new Error('no reply')
    return replyOf(status, JSON.parse(String(body)))
  }
}

function bodyOf({ target, maxTokens, payload }: Call): string {
  return JSON.stringify({
    model: target.model,
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: String(payload) }],
  })
}

function replyOf(status: number, body: unknown): Reply {
  if (status === 200) {
    const { promptTokens = 0, outputTokens = 0 } = reportedUsage(body)
    return { kind: 'ok', usage: { promptTokens, outputTokens }, model: modelIn(body) ?? '', body }
  }
  const { code, isThrottle, cause, isTransient } = errorMeaning(serviceErrorIn(body) ?? unknownError, status)
  if (isThrottle) return { kind: 'throttled', body, ...(cause && { cause }) }
  return { kind: 'failed', status, retryable: isTransient, body, ...(code && { code }) }
}
