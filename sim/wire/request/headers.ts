import type { Millis } from '../../../src/core/clock.ts'
import type { WireRequest } from '../exchange.ts'

/** The key of a request: of `Authorization: Bearer …`, or of `x-api-key` as Anthropic's clients send it. Empty for none. */
export function bearerKey(request: WireRequest): string {
  return bearerOf(request.header('authorization')) ?? request.header('x-api-key')?.trim() ?? ''
}

/** What follows `Bearer` in a header `Authorization`; undefined: nothing of the kind. */
export function bearerOf(authorization = ''): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(authorization)?.[1]
}

/**
 * How long the client lets the provider hold its request: `X-DashScope-Wait-Timeout`, whole seconds. Anything else is as good as
 * none, and so is 0; what is too long to be obeyed, the endpoint ignores.
 */
export function waitTimeout(request: WireRequest): Millis {
  const text = request.header('x-dashscope-wait-timeout')?.trim() ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) * 1000 : 0
}
