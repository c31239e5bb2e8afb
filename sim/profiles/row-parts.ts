import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { PriceTier } from '../../src/scenario/profile.ts'

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
