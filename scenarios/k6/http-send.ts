import http from 'k6/http'
import type { Call, Cause, Reply, Send } from '../../src/core/call.ts'

/** The causes of a 429, by the code of its body. */
const causes: Readonly<Record<string, Cause>> = {
  limit_requests: 'requests',
  insufficient_quota: 'tokens',
  limit_burst_rate: 'burst',
}

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

/** The fields that are read of a reply's body. */
interface Body {
  readonly model?: string
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number }
  readonly error?: { readonly code?: string; readonly message?: string }
}

function replyOf(status: number, body: Body): Reply {
  if (status === 200) {
    const usage = { promptTokens: body.usage?.prompt_tokens ?? 0, outputTokens: body.usage?.completion_tokens ?? 0 }
    return { kind: 'ok', usage, model: body.model ?? '', body }
  }
  const code = body.error?.code
  if (status === 429) {
    const isFree = body.error?.message?.startsWith('Free allocated quota') === true
    const cause = isFree ? 'quota' : code === undefined ? undefined : causes[code]
    return { kind: 'throttled', body, ...(cause && { cause }) }
  }
  return { kind: 'failed', status, retryable: status >= 500, body, ...(code !== undefined && { code }) }
}
