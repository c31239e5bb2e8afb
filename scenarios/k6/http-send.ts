import http from 'k6/http'
import type { Call, Cause, Reply, Send } from '../../src/core/call.ts'

const causes: Readonly<Record<string, Cause>> = {
  limit_requests: 'requests',
  insufficient_quota: 'tokens',
  limit_burst_rate: 'burst',
}

/** Sends attempts as chat requests over k6's HTTP client. */
export function httpSend(baseUrl: string): Send {
  return async (call) => {
    const { status, body } = await http.asyncRequest('POST', `${baseUrl}/chat/completions`, bodyOf(call), {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${call.target.key}` },
      // A denied attempt is an expected reply, and what becomes of the call is counted by itself.
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
