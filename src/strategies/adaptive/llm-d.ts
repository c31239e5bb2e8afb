import type { Reply } from '../../core/call.ts'
import type { Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { fullJitter } from '../retry/jitter.ts'
import { ConcurrencyLimit, expectConcurrencyBounds } from './concurrency-limit.ts'
import { controlled } from './controller.ts'

/** The options of `llmD`. */
export interface LlmDOptions extends WaitingOptions {
  /** The attempts in flight at the start. Whole, `least` to `most`. Default 100: the source leaves it to its users. */
  readonly start?: number
  /** The least limit. Whole, >= 1. Default 5. */
  readonly least?: number
  /** The greatest limit. Whole, >= `least`. Default 100. */
  readonly most?: number
}

/** The factor of a cut. */
const factor = 0.5

/**
 * The adaptive concurrency of the batch gateway of llm-d (PR 394; `internal/util/semaphore/aimd.go` at 09d66eb). Each 429 and each failure
 * of the server (5xx) halves the limit, rounded down; as many answers as the limit add 1 if no cut comes between them. A retry waits with full jitter from 1 s to
 * 60 s, until the call's deadline; the source leaves retries to its HTTP client. Throws an `OptionError` for a wrong option.
 */
export function llmD({ start = 100, least = 5, most = 100, ...lineOptions }: LlmDOptions = {}): Strategy {
  const bounds = { start, least, most }
  expectConcurrencyBounds(bounds)
  return {
    name: `llmD(${start}, ${least}..${most}${lineName(lineOptions)})`,
    wrap: (next, env) => controlled('llmD', new LlmD(bounds), next, env, lineOptions, fullJitter(env.random)),
  }
}

class LlmD extends ConcurrencyLimit {
  #answers = 0

  learn(reply: Reply): void {
    const isOverload = reply.kind === 'throttled' || (reply.kind === 'failed' && reply.status >= 500)
    if (reply.kind === 'ok') this.#answers++
    if (isOverload) this.limit = Math.floor(factor * this.limit)
    else if (this.#answers >= this.limit) this.limit++
    else return
    this.#answers = 0
  }
}
