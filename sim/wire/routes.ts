import { compatChat } from './compat-chat.ts'
import type { Envelope, WireError } from './envelope.ts'
import type { WireRequest } from './exchange.ts'
import type { Protocol } from './protocol.ts'

/** Who answers a request. */
export type Route =
  | { readonly name: string; readonly protocol: Protocol }
  | { readonly name: string; readonly envelope: Envelope; readonly error: WireError }

const generating: Readonly<Record<string, Protocol>> = {
  '/compatible-mode/v1/chat/completions': compatChat,
}

export function routeOf({ method, path }: WireRequest): Route {
  const protocol = Object.hasOwn(generating, path) ? generating[path] : undefined
  if (!protocol) return { name: 'none', envelope: envelopeOf(path), error: { name: 'unknown-path' } }
  const { name, envelope } = protocol
  if (method !== 'POST') return { name, envelope, error: { name: 'wrong-method', detail: method } }
  return { name, protocol }
}

/** Whose envelope an error has where nobody is at the path. */
function envelopeOf(path: string): Envelope {
  if (path.startsWith('/apps/anthropic/')) return 'anthropic'
  return path.startsWith('/api/') ? 'native' : 'compat'
}
