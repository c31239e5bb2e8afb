import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'

/** How sure a fact is: H documented or twice captured, M one capture or a strong inference, L one third-party claim. */
export type Confidence = 'H' | 'M' | 'L'

/** Chosen by the prompt tokens of the one request; all its tokens are charged at that tier. Per million tokens. */
export interface PriceTier {
  /** Prompts of up to this many tokens; `Infinity` where the price does not depend on the prompt. */
  readonly upTo: number
  readonly input: number
  readonly output: number
}

export interface ModelRow {
  /** What is enforced: (limit, window) pairs, shorter windows first, requests before tokens. */
  readonly limits: readonly Limit[]
  /**
   * Tiers of shorter prompts first; a prompt beyond the last is refused by the real service and charged at the last
   * here.
   */
  readonly prices: readonly PriceTier[]
  /** Tokens that a new account may use without a bill. */
  readonly freeTokens: number
  readonly source: string
  /** That of the least sure number in the row; `source` says which it is. */
  readonly confidence: Confidence
}

/** A region's limits, prices and spellings. */
export interface Profile {
  readonly name: string
  readonly title: string
  readonly currency: 'USD' | 'CNY'
  /** Whose error bodies: the article's print, or the ones captured from the service. */
  readonly spelling: 'article' | 'dashscope'
  /** The page that error messages link to. */
  readonly docs: string
  readonly models: Readonly<Record<string, ModelRow>>
}

const minute: Millis = 60_000

/**
 * The documented pair of minute limits, with RPS = RPM / 60 enforced beside it. The documentation says of RPS and TPS
 * only that they "may" be; TPS is left out, since a prompt longer than TPM / 60 could then never pass. Below 60 a
 * minute the formula allows less than one request a second, that is none, so the pair stands alone.
 */
export function perMinute(rpm: number, tpm: number): readonly Limit[] {
  const pair: Limit[] = [
    { rule: 'rpm', limit: rpm, window: minute },
    { rule: 'tpm', limit: tpm, window: minute },
  ]
  return rpm < 60 ? pair : [{ rule: 'rps', limit: Math.round(rpm / 60), window: 1000 }, ...pair]
}

/** What the service's own catalogue says is enforced: [requests, seconds] and [tokens, seconds]. */
export function enforced(requests: readonly [number, number], tokens: readonly [number, number]): readonly Limit[] {
  const ofRequests = windowed('rps', 'rpm', requests)
  const ofTokens = windowed('tps', 'tpm', tokens)
  return ofTokens.window < ofRequests.window ? [ofTokens, ofRequests] : [ofRequests, ofTokens]
}

function windowed(short: 'rps' | 'tps', long: 'rpm' | 'tpm', [limit, seconds]: readonly [number, number]): Limit {
  const window = seconds * 1000
  return { rule: window < minute ? short : long, limit, window }
}

/** One price, whatever the prompt. */
export function flat(input: number, output: number): readonly PriceTier[] {
  return [{ upTo: Infinity, input, output }]
}

/** Tiers, each [prompts of up to this many thousand tokens, input, output]. A documented "K" is taken as 1,000. */
export function tiers(...rows: readonly (readonly [number, number, number])[]): readonly PriceTier[] {
  return rows.map(([thousands, input, output]) => ({ upTo: thousands * 1000, input, output }))
}
