import type { Millis } from '../../../src/core/clock.ts'
import type { WireRequest } from '../exchange.ts'

/**
 * How long the client lets the provider hold its request: `X-DashScope-Wait-Timeout`, whole seconds. Anything else is as good as
 * none, and so is 0; what is too long to be obeyed, the endpoint ignores.
 */
export function waitTimeout(request: WireRequest): Millis {
  const text = request.header('x-dashscope-wait-timeout')?.trim() ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) * 1000 : 0
}
