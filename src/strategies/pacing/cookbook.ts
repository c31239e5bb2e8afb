import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectRate, longestWait } from '../bounds.ts'
import type { SendGate } from './gate.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'
import { RefilledBucket } from './refilled-bucket.ts'

/** The options of `cookbook`. */
export interface CookbookOptions extends GatedLineOptions {
  /** Requests per minute. >= 6e-5. */
  readonly rpm: number
  /** Tokens per minute. >= 6e-5. `Infinity`, the default: there is no such limit. */
  readonly tpm?: number
  /** How long nothing is sent after a 429, in milliseconds. Whole, >= 0, <= 1e12. Default 15,000. */
  readonly pause?: Millis
}

/**
 * OpenAI's cookbook (`api_request_parallel_processor.py`): a bucket of the requests and one of the tokens of a minute, both full at first, and a
 * pause of everything after a 429. A call takes its prompt and `max_tokens`, and nothing is given back. Since the buckets are full, up to 2·rpm
 * requests go in the first minute. The pause is the documented one; the code itself never pauses, because it compares the code of an error with
 * `429`. Its five attempts are those of a `retry` around it. Throws an `OptionError` for a wrong option.
 */
export function cookbook({ rpm, tpm = Infinity, pause = 15_000, ...lineOptions }: CookbookOptions): Strategy {
  expectRate('rpm', rpm, 60_000)
  if (tpm !== Infinity) expectRate('tpm', tpm, 60_000)
  expectNumber('pause', pause, { atLeast: 0, atMost: longestWait, whole: true })
  return {
    name: `cookbook(${rpm}/min${tpm === Infinity ? '' : `, ${tpm} tokens/min`}, ${pause} ms${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, cookbookGate(rpm, tpm, pause), lineOptions),
  }
}

function cookbookGate(rpm: number, tpm: number, pause: Millis): SendGate {
  const requests = bucketOfMinute(rpm)
  const tokens = tpm === Infinity ? undefined : bucketOfMinute(tpm)
  let pausedUntil: Millis = -Infinity
  return {
    opensAt: ({ promptTokens, maxTokens }) =>
      Math.max(pausedUntil, requests.opensAt(1), tokens?.opensAt(promptTokens + maxTokens) ?? -Infinity),
    pass({ promptTokens, maxTokens }, now, planned) {
      requests.count(1, now, planned)()
      tokens?.count(promptTokens + maxTokens, now, planned)()
      return (reply, now) => {
        if (reply?.kind === 'throttled') pausedUntil = now + pause
      }
    },
  }
}

function bucketOfMinute(limit: number): RefilledBucket {
  const size = Math.max(1, limit)
  return new RefilledBucket({ size, rate: limit / 60_000, mostCost: size })
}
