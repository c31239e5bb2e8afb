import type { Call, Usage } from '../core/call.ts'
import { OutputCount } from '../tokens/passing-tokens.ts'
import { type Frame, FrameReader } from './frames.ts'
import { modelIn, reportedUsage } from './reported-usage.ts'
import { parsed, type ServiceError, serviceErrorIn } from './service-error.ts'

/** An error in a stream, and the status that its frame gives. */
export interface StreamError {
  readonly error: ServiceError
  readonly status: number | undefined
  /** The number of the frame, from 1. */
  readonly frame: number
}

/** Reads a stream while it passes: how much it has used, which model answers, and the first error. */
export class StreamRecord {
  /** The number of frames that have ended. */
  frames = 0
  /** The first error that a frame shows. */
  failure: StreamError | undefined
  model: string
  readonly #reader = new FrameReader()
  readonly #output = new OutputCount()
  #promptTokens: number

  constructor({ promptTokens, target }: Call) {
    this.#promptTokens = promptTokens
    this.model = target.model
  }

  add(piece: Uint8Array): void {
    for (const frame of this.#reader.add(piece)) this.#read(frame)
  }

  end(): void {
    for (const frame of this.#reader.end()) this.#read(frame)
  }

  /** The tokens that the stream has reported, or an estimate of those that it has not. `isWhole`: nothing of it is missing. */
  usage(isWhole: boolean): Usage {
    return { promptTokens: this.#promptTokens, outputTokens: isWhole ? this.#output.whole : this.#output.broken }
  }

  #read({ event, data, status }: Frame): void {
    this.frames++
    this.#output.add(data)
    const json = parsed(data)
    this.#promptTokens = reportedUsage(json).promptTokens ?? this.#promptTokens
    this.model = modelIn(json) ?? this.model
    const isError = event === 'error' || (status !== undefined && status >= 400)
    const error = serviceErrorIn(json) ?? (isError ? { code: '', type: '', message: data } : undefined)
    if (error) this.failure ??= { error, status, frame: this.frames }
  }
}
