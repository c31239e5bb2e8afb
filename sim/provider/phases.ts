import type { Millis } from '../../src/core/clock.ts'
import type { Random } from '../../src/core/random.ts'
import type { Switches } from '../../src/scenario/switches.ts'

/**
 * Where the grids of the provider lie in time. A grid is a row of windows or intervals of one length, and its phase is an instant at which one
 * of them begins, from 0 to its length.
 */
export interface Phases {
  /** Returns the phase of fixed windows of this length. */
  ofWindow(length: Millis): Millis
  /** Returns the phase of the burst guard's intervals of this length, for one account and model. */
  ofGuard(account: string, model: string, length: Millis): Millis
}

/** The grids begin at the clock's instant 0. */
const fromStart: Phases = { ofWindow: () => 0, ofGuard: () => 0 }

/** The span from which the reading of the provider's clock is drawn, about 35 years. It is much longer than any window. */
const span: Millis = 2 ** 40

/**
 * Returns the phases by the switch `gridPhase`. `world` is the stream of the world: the same seed gives the same phases in every skin and for every
 * strategy, and no other draw depends on them.
 *
 * All fixed windows follow one clock of the provider, so that a minute begins with a second and the accounts of a pool have the same windows. A guard
 * follows the load of its own account and model, so each has a phase of its own.
 */
export function phasesOf(world: Random, { gridPhase }: Switches): Phases {
  if (gridPhase === 'start') return fromStart
  const random = world.fork('phases')
  const reading = Math.floor(random.fork('clock').next() * span)
  const guards = random.fork('guards')
  return {
    ofWindow: (length) => reading % length,
    ofGuard: (account, model, length) => Math.floor(guards.fork(account).fork(model).next() * length),
  }
}
