import type { Random } from '../../src/core/random.ts'
import { type Switches, switchesOf } from '../../src/scenario/switches.ts'
import { drawnItem, drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'

/** Draws how the provider of a world behaves. Of the switches that are not drawn, clients notice nothing here, or they have alternatives of their own. */
export function worldSwitches(random: Random): Switches {
  const kind = <K extends string>(name: string, shares: Readonly<Record<K, number>>) =>
    drawnKind(shares, random.fork(name))
  const law = random.fork('burst guard law')
  const delays = random.fork('delays')
  return switchesOf({
    window: kind('window', frequencies.window),
    tokenCharge: kind('token charge', frequencies.tokenCharge),
    refund: kind('refund', frequencies.refund) === 'true',
    rejectsCount: kind('rejects', frequencies.rejectsCount) === 'true',
    checkOrder: kind('order', frequencies.checkOrder),
    causes: kind('causes', frequencies.causes),
    retryAfter: kind('retry-after', frequencies.retryAfter),
    burstGuard: kind('burst guard', frequencies.burstGuard) === 'true',
    burstInterval: drawnItem([1000, 2500, 5000, 10_000], law),
    burstGrowth: drawnItem([1.2, 1.5, 2, 3], law),
    burstFloor: rough(drawnScale(0.05, 0.5, law)),
    burstMemory: drawnItem([30_000, 60_000, 120_000], law),
    firstToken: drawnItem([300, 600, 1200], delays),
    tokensPerSecond: drawnItem([30, 60, 120], delays),
    networkDelay: Math.round(drawnScale(10, 200, delays)),
    networkSpread: rough(drawnScale(0.1, 0.8, delays)),
  })
}

/**
 * Returns the switches of a world whose limits admit `perSecond` calls a second, with a burst guard that can grow: its floor is raised until
 * growth adds two calls to it. A guard that remembers a single call would hold every client at that call for ever.
 */
export function withRoomToGrow(switches: Switches, perSecond: number): Switches {
  const calls = (perSecond * switches.burstInterval) / 1000
  const least = 2 / ((switches.burstGrowth - 1) * calls)
  return least > switches.burstFloor ? { ...switches, burstFloor: rough(least) } : switches
}
