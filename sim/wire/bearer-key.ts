import type { WireRequest } from './exchange.ts'

/** The key of a request: of `Authorization: Bearer …`, or of `x-api-key` as Anthropic's clients send it. Empty for none. */
export function bearerKey(request: WireRequest): string {
  const authorization = request.header('authorization') ?? ''
  const [, bearer] = /^bearer +(\S+)\s*$/i.exec(authorization) ?? []
  return bearer ?? request.header('x-api-key')?.trim() ?? ''
}
