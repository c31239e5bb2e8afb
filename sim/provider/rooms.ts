import type { Millis } from '../../src/core/clock.ts'
import { exponential, type Random } from '../../src/core/random.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import type { Room } from '../limiters/soft-limit.ts'

/** Returns the room that a provider has for a model beyond its soft limits. All accounts share it. */
export type Rooms = (model: string) => Room

/**
 * Returns the rooms by the switches `softRoom` and `softCycle`: times with room and without it alternate from `start` on, both exponential, as long
 * as the provider runs. This law is an ASSUMPTION. `world` is the stream of the world: the same seed gives the same times in every skin and for every
 * strategy, and no other draw depends on them.
 */
export function roomsOf(world: Random, switches: Switches, start: Millis = 0): Rooms {
  const random = world.fork('rooms')
  return (model) => drawnRoom(random.fork(model), switches, start)
}

function drawnRoom(random: Random, { softRoom: share, softCycle: cycle }: Switches, start: Millis): Room {
  // A time of no length would change nothing, and end at once.
  if (share === 0 || share === 1) return { isOpen: () => share === 1, changesAt: () => Infinity }
  let isOpen = random.next() < share
  let end = start

  function advance(now: Millis): void {
    while (end <= now) {
      if (end > start) isOpen = !isOpen
      end += Math.max(1, Math.round(exponential(cycle * (isOpen ? share : 1 - share), random)))
    }
  }

  return {
    isOpen(now) {
      advance(now)
      return isOpen
    },
    changesAt(now) {
      advance(now)
      return end
    },
  }
}
