import type { Reply } from '../core/call.ts'
import { outputTexts } from '../tokens/passing-tokens.ts'
import { type Bytes, joined } from './bytes.ts'
import { passingBody, type Source } from './passing-body.ts'
import { answeredReply, endReply, errorReply, type Reading } from './reply.ts'
import { modelIn, reportedUsage } from './reported-usage.ts'
import { parsed, serviceErrorIn, unknownError } from './service-error.ts'
import { StreamRecord } from './stream-record.ts'

/** What came of an attempt. */
export interface AttemptAnswer {
  /** The provider's response, for the caller. Its body can still be read. */
  readonly response: Response
  /** For the strategy. Of an open answer it settles when the body has ended, and rejects when that breaks off. */
  readonly reply: Reply | Promise<Reply>
  /** Whether the body still comes, so that the caller gets the response before there is a reply. */
  readonly isOpen: boolean
}

/** The most bytes of an error that are kept, and of a stream in which its first frame is looked for. */
const longestBeginning = 1024 * 1024

/**
 * Reads what a strategy needs to know of a response: all of an error and of an answer as JSON, and the first frame of a stream. A stream whose first
 * frame is an error is over: what follows it is dropped. `isStreamed`: the request asks for a stream.
 */
export async function answerOf(reading: Reading, isStreamed: boolean): Promise<AttemptAnswer> {
  const { response } = reading
  const type = response.headers.get('content-type') ?? 'json'
  const isJson = /\bjson\b/i.test(type)
  if (response.ok && isJson && !isStreamed) return whole(reading, new Uint8Array(await response.arrayBuffer()))
  const { body } = response
  if (!body) return whole(reading, new Uint8Array())
  const source = body.getReader()
  if (!response.ok) return whole(reading, joined(await beginning(source)))
  if (/^text\/event-stream/i.test(type) || (isStreamed && isJson)) return streamed(reading, source)
  return open(reading, [], source, new StreamRecord(reading.call))
}

/** Reads the pieces of a body. What follows the first megabyte is dropped. */
async function beginning(source: Source): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for (let length = 0; length <= longestBeginning; ) {
    const { done, value } = await source.read()
    if (done) return pieces
    pieces.push(value)
    length += value.length
  }
  await source.cancel()
  return pieces
}

const utf8 = new TextDecoder()

/** The answer of a body that is not a stream. */
function whole(reading: Reading, bytes: Bytes): AttemptAnswer {
  const text = utf8.decode(bytes)
  const json = parsed(text)
  const error = serviceErrorIn(json)
  const { status } = reading.response
  if (!reading.response.ok) return closed(reading, bytes, (held) => errorReply(held, error ?? unknownError, status))
  if (error) return closed(reading, bytes, (held) => errorReply(held, error, undefined))
  const { promptTokens = reading.call.promptTokens, outputTokens = estimatedOutput(text) } = reportedUsage(json)
  return closed(reading, bytes, (held) => answeredReply(held, { promptTokens, outputTokens }, modelIn(json)))
}

function estimatedOutput(text: string): number {
  const output = outputTexts()
  output.add(text)
  return output.tokens
}

/** The answer of a stream. Without a single frame it is no stream, whatever its headers say. */
async function streamed(reading: Reading, source: Source): Promise<AttemptAnswer> {
  const record = new StreamRecord(reading.call)
  const pieces: Uint8Array[] = []
  let isEnded = false
  for (let length = 0; record.frames === 0 && length <= longestBeginning && !isEnded; ) {
    const { done, value } = await source.read()
    if (done) {
      record.end()
      isEnded = true
    } else {
      pieces.push(value)
      length += value.length
      record.add(value)
    }
  }
  const { failure } = record
  if (failure?.frame === 1) {
    await source.cancel()
    return closed(reading, joined(pieces), (held) => errorReply(held, failure.error, failure.status))
  }
  if (!isEnded) return open(reading, pieces, source, record)
  if (record.frames === 0) return whole(reading, joined(pieces))
  return closed(reading, joined(pieces), (held) => endReply(held, record, true))
}

/** The answer of a body that still comes. `pieces` of it have been read. */
function open(reading: Reading, pieces: Uint8Array[], source: Source, record: StreamRecord): AttemptAnswer {
  const { stream, isWhole } = passingBody(pieces, source, record)
  const response = new ReadableResponse(stream, reading.response)
  return { response, reply: isWhole.then((all) => endReply({ ...reading, response }, record, all)), isOpen: true }
}

/** The answer of a body that has been read. */
function closed(reading: Reading, bytes: Bytes, replyOf: (held: Reading) => Reply): AttemptAnswer {
  const response = new ReadableResponse(bytes.length > 0 ? streamOf(bytes) : null, reading.response)
  return { response, reply: replyOf({ ...reading, response }), isOpen: false }
}

/** A body of these bytes, which are its own from then on. A `Response` that Node makes of bytes takes some 9 µs longer to make and to read. */
function streamOf(bytes: Bytes): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}

/** A response once more, with a body that can be read. */
class ReadableResponse extends Response {
  // The constructor takes no status such as 999, which servers have been seen to send, and gives no address.
  override readonly status: number
  override readonly url: string

  constructor(body: ConstructorParameters<typeof Response>[0], { status, statusText, headers, url }: Response) {
    super(body, { status: status >= 200 && status <= 599 ? status : 500, statusText, headers })
    this.status = status
    this.url = url
  }
}
