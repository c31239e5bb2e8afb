import { jsonExcess } from '../../src/checks/json-excess.ts'
import { show } from '../../src/core/expect.ts'
import { bodyText } from '../wire/request/body.ts'

/** The value of a body in JSON, or the reason why there is none. */
export type JsonBody = { readonly value: unknown } | { readonly status: 400 | 413 | 415; readonly problem: string }

/** The longest body, in bytes. */
const longest = 1024 * 1024

/**
 * Web pages of any site can send forms and plain texts without asking the server, but not this type. A body without a type is one of those that
 * they can send.
 */
const jsonType = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i

/** Reads the body of a request. An empty body counts as an empty object. */
export async function jsonBody({ headers, body }: Request): Promise<JsonBody> {
  const type = headers.get('content-type')
  if (type !== null && !jsonType.test(type)) return wrongType(show(type))
  let bytes: Uint8Array | undefined
  try {
    bytes = await bytesOf(body)
  } catch {
    return { status: 400, problem: 'Expected the whole body, got a part of it' }
  }
  if (bytes === undefined)
    return { status: 413, problem: `Expected a body of at most ${longest} bytes, got a longer one` }
  if (bytes.length === 0) return { value: {} }
  if (type === null) return wrongType('none')
  const text = bodyText(bytes)
  const excess = jsonExcess(text)
  if (excess !== undefined) return { status: 400, problem: `Expected \`body\` to be made of less, but it ${excess}` }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { status: 400, problem: 'Expected `body` to be JSON' }
  }
}

function wrongType(got: string): JsonBody {
  return { status: 415, problem: `Expected the header \`content-type\` to be application/json, got ${got}` }
}

/**
 * Returns all bytes, or undefined when there are too many. Rejects when the client leaves before the end. The body limit of Hono is not used,
 * because it makes a native `Request` from the one of node-server, which throws.
 */
async function bytesOf(body: Request['body']): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > longest) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
