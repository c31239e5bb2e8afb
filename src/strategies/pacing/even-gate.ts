import type { Millis } from '../../core/clock.ts'
import { type SendGate, unwatched } from './gate.ts'
import { Slots } from './slots.ts'

/** Lets through so many calls a second, evenly spaced. */
export function paceGate(perSecond: number): SendGate {
  return evenGate(new Slots(perSecond, 1000))
}

/** Lets each call through at its slot, or up to `tolerance` before it. */
export function evenGate(slots: Slots, tolerance: Millis = 0): SendGate {
  return {
    opensAt: () => slots.next - tolerance,
    pass(_call, _now, planned) {
      slots.take(planned)
      return unwatched
    },
  }
}
