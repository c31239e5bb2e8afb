import { isObject } from '../../src/checks/shape.ts'
import type { Cause, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'

/** The causes of a 429, by the code of its body. */
const causes: ReadonlyMap<string, Cause> = new Map([
  ['limit_requests', 'requests'],
  ['insufficient_quota', 'tokens'],
  ['limit_burst_rate', 'burst'],
])

/** Reads the whole reply of an OpenAI-compatible provider. Its body is not kept: a load has many of them. */
export async function httpReply(response: Response): Promise<Reply> {
  const { status, headers } = response
  const text = await response.text()
  const body = fieldsOf(text)
  if (status === 200 && isObject(body.usage)) return okReply(body, body.usage)
  const error = isObject(body.error) ? body.error : body
  const code = textOf(error.code)
  if (status !== 429) {
    const retryable = status === 200 || status === 408 || status >= 500
    return { kind: 'failed', status, retryable, body: undefined, ...(code !== undefined && { code }) }
  }
  const cause = textOf(error.message)?.startsWith('Free allocated quota') ? 'quota' : causes.get(code ?? '')
  const retryAfter = waitOf(headers)
  return {
    kind: 'throttled',
    body: undefined,
    ...(cause !== undefined && { cause }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

function okReply({ model }: Record<string, unknown>, usage: Record<string, unknown>): Reply {
  const promptTokens = tokensOf(usage.prompt_tokens)
  const outputTokens = tokensOf(usage.completion_tokens)
  return { kind: 'ok', usage: { promptTokens, outputTokens }, model: textOf(model) ?? '', body: undefined }
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? body : {}
  } catch {
    return {}
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function tokensOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : 0
}

/** The advised wait, from `Retry-After` in seconds. */
function waitOf(headers: Headers): Millis | undefined {
  const text = headers.get('retry-after')
  return text !== null && /^\d{1,9}$/.test(text) ? 1000 * Number(text) : undefined
}
