import type { Millis } from '../../core/clock.ts'
import { type Limit, limitsOn, type Unit } from '../../core/limit.ts'
import type { SendGate } from './gate.ts'
import { meteredGate } from './metered-gate.ts'
import { SendLog } from './send-log.ts'

/** By how much a client takes a window longer than it is, for network delays, in milliseconds. */
export const usualPad: Millis = 30

/** Lets a call through when the client's own log of each limit has room for it, over its window and `pad`. */
export function mirrorGate(limits: readonly Limit[], pad = usualPad): SendGate {
  const logsOf = (unit: Unit) => limitsOn(unit, limits).map(({ limit, window }) => new SendLog(limit, window + pad))
  return meteredGate(logsOf('requests'), logsOf('tokens'))
}
