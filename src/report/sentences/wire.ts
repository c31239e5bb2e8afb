import type { Comparison } from '../../compare/comparison.ts'
import type { WireFacts } from '../../compare/raw-result.ts'

const optimumTexts: Readonly<Record<WireFacts['limits'], string>> = {
  mock: 'The mock there has the world of the scenario, so the optimum is that of the scenario.',
  stated: 'The optimum is that of the limits which were stated; a provider may grant more.',
  none: 'There is no optimum: shares of the reachable are shares of what a provider without limits would answer.',
}

/** The sentences that come before all others in the report of a load: where it was measured, what its optimum is, and what went wrong. */
export function wireSentences({ wire }: Comparison): string[] {
  if (!wire) return []
  const { address, speed, limits, warnings } = wire
  const pace = speed === 1 ? 'in real time' : `at ${speed} times real time`
  return [
    `Measured over the wire at ${address}, ${pace}, not in virtual time. ${optimumTexts[limits]}`,
    'The wire tells the cause of a 429 and not its rule: those of requests, and those of an unknown cause, are listed as rpm, those of tokens as tpm.',
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
}
