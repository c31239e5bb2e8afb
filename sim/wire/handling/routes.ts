import { quotable } from '../../../src/core/expect.ts'
import type { Envelope, WireError } from '../../errors/envelope.ts'
import type { WireRequest } from '../exchange.ts'
import { anthropicMessages } from '../protocols/anthropic/messages.ts'
import { compatChat } from '../protocols/compat/chat.ts'
import { compatCompletions } from '../protocols/compat/completions.ts'
import { compatEmbeddings } from '../protocols/compat/embeddings.ts'
import { listModels, modelsPath, showModel } from '../protocols/compat/models.ts'
import { listLimits } from '../protocols/limits/list.ts'
import { updateLimits } from '../protocols/limits/update.ts'
import type { Lookup } from '../protocols/lookup.ts'
import { nativeMultimodal, nativeText } from '../protocols/native/generation.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { responsesApi } from '../protocols/responses/api.ts'

/** What answers a request: a protocol, a lookup, or an error. */
export type Route =
  | { readonly name: string; readonly protocol: Protocol }
  | { readonly name: string; readonly envelope: Envelope; readonly lookup: Lookup }
  | { readonly name: string; readonly envelope: Envelope; readonly error: WireError }

/**
 * Where the paths of Batch Chat begin. The service has another host for it, `batch.dashscope.aliyuncs.com`, with the same paths as that of the other
 * calls; a mock has one host.
 */
export const batchPath = '/batch/'

const generating: Readonly<Record<string, Protocol>> = {
  '/compatible-mode/v1/chat/completions': compatChat,
  [`${batchPath}compatible-mode/v1/chat/completions`]: compatChat,
  '/compatible-mode/v1/completions': compatCompletions,
  '/compatible-mode/v1/embeddings': compatEmbeddings,
  '/compatible-mode/v1/responses': responsesApi,
  // The service no longer maintains this path, but it still answers.
  '/api/v2/apps/protocols/compatible-mode/v1/responses': responsesApi,
  '/apps/anthropic/v1/messages': anthropicMessages,
  '/api/v1/services/aigc/text-generation/generation': nativeText,
  '/api/v1/services/aigc/multimodal-generation/generation': nativeMultimodal,
}

/** The lookups at one path, by HTTP method. */
interface LookupRow {
  readonly name: string
  readonly methods: Readonly<Record<string, Lookup>>
}

const lookups: Readonly<Record<string, LookupRow>> = {
  [modelsPath]: { name: 'compat-models', methods: { GET: listModels } },
  '/api/v1/models/limits': { name: 'limits', methods: { GET: listLimits, POST: updateLimits } },
  // The same under the name that the international documentation uses.
  '/api/v1/quotas': { name: 'limits', methods: { GET: listLimits } },
}

const oneModel: LookupRow = { name: 'compat-models', methods: { GET: showModel } }

/** Returns what answers a request. The path must match exactly. */
export function routeOf({ method, path }: WireRequest): Route {
  const protocol = Object.hasOwn(generating, path) ? generating[path] : undefined
  if (protocol) {
    const { name, envelope } = protocol
    return method === 'POST' ? { name, protocol } : { name, envelope, error: wrongMethod(method, path) }
  }
  const envelope = envelopeOf(path)
  const row = lookupRow(path)
  if (!row) return { name: 'none', envelope, error: { name: 'unknown-path' } }
  const lookup = Object.hasOwn(row.methods, method) ? row.methods[method] : undefined
  return { name: row.name, envelope, ...(lookup ? { lookup } : { error: wrongMethod(method, path) }) }
}

function lookupRow(path: string): LookupRow | undefined {
  if (Object.hasOwn(lookups, path)) return lookups[path]
  return path.startsWith(`${modelsPath}/`) && path.length > modelsPath.length + 1 ? oneModel : undefined
}

/** The error of a request whose path does not have its method. */
export function wrongMethod(method: string, path: string): WireError {
  return { name: 'wrong-method', detail: `'${quotable(method)}' is not allowed for '${quotable(path)}'` }
}

/** A path of the service at which a model is asked, or looked up. */
export interface InferencePath {
  readonly method: string
  readonly path: string
  readonly envelope: Envelope
}

/** All paths that a gateway may pass on. Those at which an account's limits are shown or changed are not among them. */
export const inferencePaths: readonly InferencePath[] = [
  ...Object.entries(generating).map(([path, { envelope }]) => ({ method: 'POST', path, envelope })),
  { method: 'GET', path: modelsPath, envelope: 'compat' },
]

/** The envelope of an error at a path that no protocol has. */
export function envelopeOf(path: string): Envelope {
  if (path.startsWith('/apps/anthropic/')) return 'anthropic'
  return path.startsWith('/api/') ? 'native' : 'compat'
}
