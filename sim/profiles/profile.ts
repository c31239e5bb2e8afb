import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'

/** How certain a fact is. H: documented, or captured twice. M: captured once, or a strong inference. L: one claim of a third party. */
export type Confidence = 'H' | 'M' | 'L'

/** A price for prompts of a certain length. All tokens of a request have the price of its prompt's tier. Prices are per million tokens. */
export interface PriceTier {
  /** The longest prompt of the tier, tokens. `Infinity`: the tier has no longest prompt. */
  readonly upTo: number
  readonly input: number
  readonly output: number
}

/** What a profile knows of one model. */
export interface ModelRow {
  /** The limits that are enforced: those with shorter windows first, those of requests before those of tokens. */
  readonly limits: readonly Limit[]
  /** The price tiers, those of shorter prompts first. The real service refuses a prompt beyond the last tier; here it has the price of that tier. */
  readonly prices: readonly PriceTier[]
  /** The tokens that a new account may use without a bill. */
  readonly freeTokens: number
  /** Where the numbers come from. */
  readonly source: string
  /** The confidence of the least certain number in the row; `source` says which number that is. */
  readonly confidence: Confidence
}

/** The limits, prices and spellings of one region. */
export interface Profile {
  readonly name: string
  /** The name for people. */
  readonly title: string
  /** The currency of all prices. */
  readonly currency: 'USD' | 'CNY'
  /** The spelling of error bodies: as the article prints them, or as they were captured from the service. */
  readonly spelling: 'article' | 'dashscope'
  /** The page that error messages link to. */
  readonly docs: string
  /** The models, by name. */
  readonly models: Readonly<Record<string, ModelRow>>
}

const minute: Millis = 60_000

/**
 * The documented limits per minute, with RPS = RPM / 60 beside them. The documentation only says that RPS and TPS "may" be enforced. TPS is left
 * out, since a prompt longer than TPM / 60 could then never pass. RPS is left out below 60 requests a minute, where the formula would allow less
 * than one request a second, and so none at all.
 */
export function perMinute(rpm: number, tpm: number): readonly Limit[] {
  const pair: Limit[] = [
    { rule: 'rpm', limit: rpm, window: minute },
    { rule: 'tpm', limit: tpm, window: minute },
  ]
  return rpm < 60 ? pair : [{ rule: 'rps', limit: Math.round(rpm / 60), window: 1000 }, ...pair]
}

/** The limits that the service's own catalogue publishes: [requests, seconds] and [tokens, seconds]. */
export function enforced(requests: readonly [number, number], tokens: readonly [number, number]): readonly Limit[] {
  const ofRequests = windowed('rps', 'rpm', requests)
  const ofTokens = windowed('tps', 'tpm', tokens)
  return ofTokens.window < ofRequests.window ? [ofTokens, ofRequests] : [ofRequests, ofTokens]
}

function windowed(short: 'rps' | 'tps', long: 'rpm' | 'tpm', [limit, seconds]: readonly [number, number]): Limit {
  const window = seconds * 1000
  return { rule: window < minute ? short : long, limit, window }
}

/** One price for prompts of any length. */
export function flat(input: number, output: number): readonly PriceTier[] {
  return [{ upTo: Infinity, input, output }]
}

/** Price tiers, each [longest prompt in thousands of tokens, input, output]. A documented "K" is read as 1,000. */
export function tiers(...rows: readonly (readonly [number, number, number])[]): readonly PriceTier[] {
  return rows.map(([thousands, input, output]) => ({ upTo: thousands * 1000, input, output }))
}
