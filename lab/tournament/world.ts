import { type Random, seeded } from '../../src/core/random.ts'
import type { Background } from '../../src/scenario/background.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { describedWorld } from './described-world.ts'
import { drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'
import { lowestLevel, worldChanges } from './world-changes.ts'
import { maxTokens, worldLengths } from './world-lengths.ts'
import { worldLimits } from './world-limits.ts'
import { withRoomToGrow, worldSwitches } from './world-switches.ts'
import { type WorldTraffic, worldTraffic } from './world-traffic.ts'

const account = 'main'
const model = 'qwen3-max'

/** A scenario of one case, which does not say yet who takes part. */
export type DrawnWorld = Omit<Scenario, 'strategies'>

/**
 * Draws the world with this number, from 1 on, as a scenario of one case. It depends on the seed and the number alone: a tournament of
 * more worlds has those of a smaller one.
 */
export function drawnWorld(seed: number, number: number): DrawnWorld {
  const random = seeded(seed).fork(`world ${number}`)
  const lengths = worldLengths(random.fork('lengths'))
  const switches = worldSwitches(random.fork('switches'))
  const { stated: limits, perSecond } = worldLimits(lengths, switches, random.fork('limits'))
  const others = drawnOthers(random.fork('others'))
  const { busy, ...traffic } = worldTraffic(perSecond * (1 - (others?.share ?? 0)), random.fork('traffic'))
  const events = worldChanges({ account, model }, busy, random.fork('changes'))
  const world = {
    profile: 'article',
    accounts: [{ name: account, keys: ['sk-main'] }],
    limits,
    switches: withRoomToGrow(switches, perSecond),
    events,
    ...(others && {
      background: [
        // Others who ask for more than there is when the limits are lowest would leave nothing to anybody.
        {
          account,
          model,
          lengths,
          maxTokens,
          arrivals: othersArrivals(others, perSecond * lowestLevel(events), traffic),
        },
      ],
    }),
  }
  const chosen = { name: 'drawn', lengths, maxTokens, ...traffic }
  return {
    name: `world-${number}`,
    title: `World ${number} of the seed ${seed}`,
    question: 'Which strategy comes closest to what is reachable in a world that it was not made for?',
    model,
    world,
    cases: [{ ...chosen, title: describedWorld(world, chosen) }],
  }
}

/** How others use the account, and the share of what the limits admit that they ask for on average. */
interface Others {
  readonly kind: 'steady' | 'on-off'
  readonly share: number
}

function drawnOthers(random: Random): Others | undefined {
  const kind = drawnKind(frequencies.others, random)
  return kind === 'none' ? undefined : { kind, share: rough(drawnScale(0.1, 0.45, random)) }
}

function othersArrivals(
  { kind, share }: Others,
  perSecond: number,
  { horizon: until }: Pick<WorldTraffic, 'horizon'>,
): Background['arrivals'] {
  const mean = rough(share * perSecond)
  return kind === 'steady'
    ? { kind: 'poisson', perSecond: mean, until }
    : { kind, perSecond: 2 * mean, on: 60_000, off: 60_000, until }
}
