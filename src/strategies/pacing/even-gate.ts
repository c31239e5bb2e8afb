import type { Millis } from '../../core/clock.ts'
import { type SendGate, unwatched } from './gate.ts'
import type { Slots } from './slots.ts'

/** Lets each call through at its slot, or up to `tolerance` before it. */
export function evenGate(slots: Slots, tolerance: Millis = 0): SendGate {
  return {
    opensAt: () => slots.next - tolerance,
    pass(_call, now) {
      slots.take(now)
      return unwatched
    },
  }
}
