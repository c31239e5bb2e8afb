import type { Headers } from '../../sim/ratelab-mock.ts'

/** An answer as its client has read it. */
export interface HeardAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** Whether the connection broke within the body. */
  readonly isBroken?: boolean
}

/** The statuses that the documentation has for requests to a model and to its limits. */
const documented = [200, 400, 401, 403, 404, 405, 413, 429, 500, 502, 503]

/** Returns what contradicts the documentation in the answer to a request with this path, or undefined when nothing does. */
export function answerProblem(path: string, answer: HeardAnswer): string | undefined {
  const { status, headers, body, isBroken = false } = answer
  const id = headers['x-request-id']
  if (!documented.includes(status)) return `status ${status}`
  if (!/^[0-9a-f-]{36}$/.test(id ?? '')) return `id ${id}`
  if (isBroken) return undefined
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/event-stream')) return streamProblem(body)
  if (!type.startsWith('application/json')) return `content type ${type}`
  const value = jsonOf(body)
  if (typeof value !== 'object' || value === null) return `no JSON object: ${body.slice(0, 200)}`
  return status === 200 ? undefined : envelopeProblem(path, id, value)
}

/** Returns the problem with the body of an error, or undefined when there is none. */
function envelopeProblem(path: string, id: string | undefined, value: object): string | undefined {
  const { request_id, type, error = {}, ...rest } = value as Readonly<Record<string, unknown>>
  const within = error as Readonly<Record<string, unknown>>
  if (request_id !== id && within.id !== id) return 'the id of the header is not that of the body'
  if (path.startsWith('/apps/anthropic/')) {
    const isThere = type === 'error' && isText(within.type) && isText(within.message)
    return isThere ? undefined : 'no Anthropic envelope'
  }
  // The Responses protocol returns native errors.
  const isNative = path.startsWith('/api/') || path === '/compatible-mode/v1/responses'
  const { code, message } = isNative ? rest : within
  return isText(code) && isText(message) ? undefined : 'no envelope'
}

/** Returns the problem with server-sent events, or undefined when every frame is whole and its data are JSON. */
function streamProblem(body: string): string | undefined {
  if (!body.endsWith('\n\n')) return `a stream that ends within a frame: ${body.slice(-200)}`
  for (const line of body.split('\n')) {
    if (!/^(?:$|:|(?:id|event|data|retry):)/.test(line))
      return `a line that is no field of an event: ${line.slice(0, 200)}`
    if (!line.startsWith('data:')) continue
    const data = line.slice('data:'.length).trim()
    if (data !== '[DONE]' && jsonOf(data) === undefined) return `data that are no JSON: ${data.slice(0, 200)}`
  }
  return undefined
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** The value of a JSON text, or undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
