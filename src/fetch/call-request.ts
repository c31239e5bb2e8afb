import { isObject } from '../checks/shape.ts'
import type { Call, Target } from '../core/call.ts'
import type { Millis } from '../core/clock.ts'
import { OptionError, show } from '../core/expect.ts'
import { promptTexts } from '../tokens/passing-tokens.ts'
import { headersOf, keyIn, withKey } from './key-header.ts'
import { type ModelAddress, modelAddress } from './model-address.ts'
import { copyOf, type SafeBody, safeBody } from './request-body.ts'
import { parsed } from './service-error.ts'

/** What `fetch` takes. */
export type FetchInput = Parameters<typeof fetch>[0]

/** Whether the input is a request. A text is told by its type, which takes no look at the platform's class. */
export function isRequest(input: FetchInput): input is Request {
  return typeof input === 'object' && input instanceof Request
}

/** The header that asks DashScope to hold a call which its burst guard denies, in whole seconds. */
const waitHeader = 'x-dashscope-wait-timeout'

/** A request to a model. Every attempt at a call is made of it. */
export interface CallRequest {
  readonly target: Target
  /** An estimate: all texts of the body that are a part of the prompt, without pictures and the template of the model. */
  readonly promptTokens: number
  /** The most output tokens that the body allows. Undefined: it does not say. */
  readonly maxTokens: number | undefined
  readonly serverWait: Millis
  /** Whether it asks for a stream. */
  readonly isStreamed: boolean
  /** Sends an attempt, with the target and the wait of this call. Throws an `OptionError` for a target that no request can be made of. */
  send(fetch: typeof globalThis.fetch, call: Call, signal: AbortSignal): Promise<Response>
}

/** Reads a request. Resolves with undefined when it does not ask a model. Rejects as `fetch` does when it is no request. */
export async function callRequest(input: FetchInput, init: RequestInit = {}): Promise<CallRequest | undefined> {
  const path = pathOf(input, init)
  if (!path) return undefined
  const { headers: ownHeaders, body: ownBody, signal: _, ...rest } = init
  const copy = isRequest(input) ? undefined : copyOf(ownBody)
  const base = copy === undefined ? new Request(input, { ...init, duplex: 'half' }) : undefined
  const headers = base?.headers ?? headersOf(ownHeaders)
  const body = copy ?? (await safeBody(base!))
  const text = textOf(body, headers)
  const fields = parsed(text)
  const known = isObject(fields) ? fields : {}
  const target = { endpoint: path.base, key: keyIn(headers), model: typeof known.model === 'string' ? known.model : '' }
  const serverWait = 1000 * (Number(headers.get(waitHeader)) || 0)

  function headersFor(call: Call): Headers {
    const own = withKey(headers, target.key, call.target.key)
    const wait = call.serverWait ?? 0
    const isOtherModel = call.target.model !== target.model
    if (wait === serverWait && !isOtherModel) return own
    const changed = new Headers(own)
    if (wait !== serverWait) changed.set(waitHeader, String(Math.ceil(wait / 1000)))
    // A body with another model has another length.
    if (isOtherModel) changed.delete('content-length')
    return changed
  }

  function bodyFor({ model }: Target): SafeBody {
    if (model === target.model) return body
    if (isObject(fields)) return JSON.stringify({ ...fields, model })
    throw new OptionError(
      'Expected the body to be a JSON object, so that the strategy can change its `model`, got another',
    )
  }

  return {
    target,
    promptTokens: promptTokens(text),
    maxTokens: mostOutput(known),
    serverWait,
    isStreamed: known.stream === true || headers.get('x-dashscope-sse') === 'enable',
    send(fetch, call, signal) {
      const url = addressOf(path, call.target)
      const own = { headers: headersFor(call), body: bodyFor(call.target), signal }
      if (!base) return fetch(url, { ...rest, ...own })
      const again = new Request(base, own)
      return fetch(url === base.url ? again : new Request(url, again), rest)
    },
  }
}

function pathOf(input: FetchInput, { method }: RequestInit): ModelAddress | undefined {
  const own = isRequest(input) ? input : undefined
  if ((method ?? own?.method ?? 'GET').toUpperCase() !== 'POST') return undefined
  return addressIn(own?.url ?? String(input))
}

/** The last address that was read. Most requests of a client go to the address of the one before. */
let last: { readonly typed: string; readonly path: ModelAddress | undefined } | undefined

function addressIn(typed: string): ModelAddress | undefined {
  if (typed === last?.typed) return last.path
  const url = URL.parse(typed)
  // A page may have an address of its own, from which relative ones go out: a `Request` knows it.
  if (!url) return modelAddress(new URL(new Request(typed).url))
  last = { typed, path: modelAddress(url) }
  return last.path
}

function addressOf({ base, rest }: ModelAddress, { endpoint }: Target): string {
  if (endpoint !== base && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new OptionError(
      `Expected \`endpoint\` of a target to be an address such as https://example.com/v1, got ${show(endpoint)}`,
    )
  return endpoint.replace(/\/$/, '') + rest
}

/** The text of a body. A form is not read: it may have files in it. */
function textOf(body: SafeBody, headers: Headers): string {
  if (typeof body === 'string') return body
  return /^multipart\//i.test(headers.get('content-type') ?? '') ? '' : new TextDecoder().decode(body)
}

function promptTokens(text: string): number {
  const texts = promptTexts()
  texts.add(text)
  return texts.tokens
}

/** The most output tokens that a body allows, in the spelling of any protocol. */
function mostOutput(body: Readonly<Record<string, unknown>>): number | undefined {
  const parameters = isObject(body.parameters) ? body.parameters : {}
  const named = [body.max_completion_tokens, body.max_tokens, body.max_output_tokens, parameters.max_tokens]
  return named.find((each): each is number => Number.isSafeInteger(each) && (each as number) > 0)
}
