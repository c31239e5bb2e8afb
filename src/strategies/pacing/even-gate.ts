import { type SendGate, unwatched } from './gate.ts'
import { Slots } from './slots.ts'

/** Spaces calls evenly, `perSecond` of them in a second (`slots.ts`). */
export function evenGate(perSecond: number): SendGate {
  const slots = new Slots(perSecond, 1000)
  return {
    opensAt: () => slots.next,
    pass(_call, now) {
      slots.take(now)
      return unwatched
    },
  }
}
