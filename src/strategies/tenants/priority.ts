import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectRate, longestWait } from '../bounds.ts'
import { paceGate } from '../pacing/even-gate.ts'
import { gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import type { LineOrder, Place } from '../pacing/order.ts'
import type { PaceOptions } from '../pacing/pace.ts'
import { Heap } from './heap.ts'

/** The options of `priority`. */
export interface PriorityOptions extends PaceOptions {
  /** How long a call waits until it has risen by one rank, in milliseconds. Whole, > 0, <= 1e12. Default 30,000. */
  readonly aging?: Millis
}

/**
 * A pace that serves the highest `priority` first, with aging: a call rises by one rank for each `aging` that it waits, so that none waits
 * for ever. Throws an `OptionError` for a wrong option.
 */
export function priority({ perSecond, aging = 30_000, ...lineOptions }: PriorityOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  expectNumber('aging', aging, { above: 0, atMost: longestWait, whole: true })
  return {
    name: `priority(${perSecond}/s, ${aging} ms${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, paceGate(perSecond), lineOptions, highestFirst(aging)),
  }
}

/**
 * Serves the call whose rank, `priority` + wait/`aging`, is the highest. All ranks rise alike, so their order is that of
 * joined − `priority`·`aging`, which does not change while they wait.
 */
export function highestFirst(aging: Millis): LineOrder {
  const places = new Heap<Place>()
  return {
    // A user's JavaScript may give a priority that is no number: it counts as none.
    join: (place) => places.add(place, place.joined - (place.call.priority || 0) * aging),
    first: () => places.first,
  }
}
