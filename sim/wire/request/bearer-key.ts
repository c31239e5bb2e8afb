import type { WireRequest } from '../exchange.ts'

/** The key of a request: of `Authorization: Bearer …`, or of `x-api-key` as Anthropic's clients send it. Empty for none. */
export function bearerKey(request: WireRequest): string {
  return bearerOf(request.header('authorization')) ?? request.header('x-api-key')?.trim() ?? ''
}

/** What follows `Bearer` in a header `Authorization`; undefined: nothing of the kind. */
export function bearerOf(authorization = ''): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(authorization)?.[1]
}
