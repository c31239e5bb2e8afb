import type { Millis } from '../src/core/clock.ts'
import { minimum } from '../src/core/extremes.ts'
import { type Unit, unitOf } from '../src/core/limit.ts'
import { meanLength } from '../src/scenario/lengths/lengths.ts'
import type { Case } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import type { ClientKnowledge } from './catalogue/client-knowledge.ts'

/** A load as a share of the limit that it fills most, and what that limit counts. */
export interface OfferedLoad {
  readonly unit: Unit
  readonly share: number
}

/** Returns the load of so many calls a second on the limits of one account at the start. It is a load of requests where tokens fill no more. */
export function offeredLoad(perSecond: number, chosen: Case, knowledge: ClientKnowledge): OfferedLoad {
  const loads = limitsOf(knowledge).map(({ rule, limit, window }): OfferedLoad => {
    const unit = unitOf(rule)
    return { unit, share: (perSecond * amountOf(unit, chosen, knowledge) * window) / (1000 * limit) }
  })
  return loads.reduce((a, b) => (b.share > a.share ? b : a), { unit: 'requests', share: 0 })
}

/** Returns the most calls of mean length that the limits of one account admit in any window of this length. */
export function callsBorne(window: Millis, chosen: Case, knowledge: ClientKnowledge): number {
  const borne = limitsOf(knowledge).map(
    ({ rule, limit, window: own }) => (limit * Math.ceil(window / own)) / amountOf(unitOf(rule), chosen, knowledge),
  )
  return Math.floor(minimum(borne))
}

function limitsOf({ profile, model }: ClientKnowledge) {
  return profile.models[model]!.limits
}

/** What a call of mean length counts. The lengths of a recorded trace are not known beforehand, so its tokens count as none. */
function amountOf(unit: Unit, { lengths, maxTokens }: Case, { world }: ClientKnowledge): number {
  if (unit === 'requests') return 1
  if (lengths.kind === 'trace') return 0
  const { prompt, output } = meanLength(lengths, maxTokens)
  return prompt + (switchesOf(world.switches).tokenCharge === 'reserve' ? maxTokens : output)
}
