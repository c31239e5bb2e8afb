import type { Millis } from '../../../src/core/clock.ts'
import type { WireRequest } from '../exchange.ts'

/** The key of a request, from `Authorization: Bearer …` or from `x-api-key`, which Anthropic's clients send. Empty when there is no key. */
export function bearerKey(request: WireRequest): string {
  return bearerOf(request.header('authorization')) ?? request.header('x-api-key')?.trim() ?? ''
}

/** Returns what follows `Bearer` in a header `Authorization`. Returns undefined when the header has another form. */
export function bearerOf(authorization = ''): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(authorization)?.[1]
}

/**
 * How long the provider may hold the request, milliseconds, from the header `X-DashScope-Wait-Timeout`, which has whole seconds. Returns 0
 * when the header is missing or has another form. The endpoint ignores a wait that is too long.
 */
export function waitTimeout(request: WireRequest): Millis {
  const text = request.header('x-dashscope-wait-timeout')?.trim() ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) * 1000 : 0
}
