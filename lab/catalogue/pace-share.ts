import { type ClientKnowledge, callsPerSecond } from './client-knowledge.ts'

/**
 * The pace of a strategy as a share of the limit. A pace equal to the limit is denied whenever the network delays of two attempts
 * differ. For delays with the standard deviation σ and a window W, the share 1 / (1 + 3√2·σ/W) keeps denials to about 1 %. With
 * σ = 13 ms, as in the default network, and a window of one second, it is 0.95.
 */
const paceShare = 0.95

/** Returns the pace of a strategy that is told the limits, in calls a second. */
export function pacePerSecond(knowledge: ClientKnowledge): number {
  return paceShare * callsPerSecond(knowledge)
}
