import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { paceGate } from '../pacing/even-gate.ts'
import { gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import { LinkedList } from '../pacing/linked-list.ts'
import type { LineOrder, Place } from '../pacing/order.ts'
import type { PaceOptions } from '../pacing/pace.ts'

/**
 * A pace with an adaptive LIFO ("Fail at Scale", ACM Queue 2015): first come first served, and under overload the newest first, so that those who
 * are served are served soon. Throws an `OptionError` for a wrong option.
 */
export function adaptiveLifo({ perSecond, ...lineOptions }: PaceOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  return {
    name: `adaptiveLifo(${perSecond}/s${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, paceGate(perSecond), lineOptions, newestFirstUnderOverload()),
  }
}

/** Serves the newest call first while the oldest one has waited for more than half of its patience, and else the oldest. */
export function newestFirstUnderOverload(): LineOrder {
  const places = new LinkedList<Place>()
  return {
    join: (place) => places.add(place),
    first(now) {
      const oldest = places.first
      if (!oldest || now >= oldest.call.deadline) return oldest
      const patience = oldest.call.deadline - oldest.joined
      return now - oldest.joined > patience / 2 ? places.last : oldest
    },
  }
}
