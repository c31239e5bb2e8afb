import { InputError } from '../src/checks/input-error.ts'
import { seeded } from '../src/core/random.ts'
import type { Case } from '../src/scenario/scenario.ts'
import { workloadOf } from '../src/scenario/traffic/workload-of.ts'
import type { Workload } from '../src/scenario/workload.ts'
import type { Remedies } from './ambient-ban.ts'
import { runFault } from './load-fault.ts'
import type { UserCodeWatch } from './user-code.ts'

const remedies: Remedies = {
  time: 'yield instants that follow from the `random` that it is given',
  wait: 'yield instants without waiting',
  chance: 'draw from the `random` that it is given',
  network: 'yield instants without the network',
}

/** Where a workload comes from besides the case and the seed. */
export interface DrawSources {
  /** The file of the scenario, for messages. Default: a program passed the scenario. */
  readonly file?: string | undefined
  /** The trace that the case replays, if it replays one. */
  readonly recorded?: Workload | undefined
  /** Watches a generator of the user. Only a worker can. Default: nothing does. */
  readonly watch?: UserCodeWatch | undefined
}

/**
 * Draws the workload of a case from the seed. A generator that is watched must yield the same instants twice. Throws an `InputError` as
 * `workloadOf` does; for a fault of a generator its message names the file and, where it is known, the line.
 */
export function drawn(chosen: Case, seed: number, { file, recorded, watch }: DrawSources): Workload {
  const draw = () => workloadOf(chosen, seeded(seed).fork('workload'), recorded)
  if (chosen.arrivals.kind !== 'custom') return draw()
  const of = file === undefined ? '' : ` of ${file}`
  const expected = `Expected the arrivals of case \`${chosen.name}\`${of} to be generated, but: `
  watch?.entered({ kind: 'generator', expected })
  watch?.ban.impose(remedies, 'SCENARIO_INVALID')
  try {
    const workload = draw()
    if (watch && !watch.ban.violation && !haveSameArrivals(workload, draw()))
      throw new InputError(expected + otherArrivals, 'SCENARIO_INVALID')
    if (watch?.ban.violation) throw watch.ban.violation
    return workload
  } catch (error) {
    const violation = watch?.ban.violation
    // Any other error of `workloadOf` says itself what is wrong with the instants.
    if (!violation && !(error instanceof InputError && 'cause' in error)) throw error
    throw new InputError(expected + runFault(file, violation ?? (error as Error).cause), 'SCENARIO_INVALID')
  } finally {
    watch?.ban.lift()
    watch?.entered(undefined)
  }
}

const otherArrivals =
  'it does not yield the same instants whenever it runs with the same seed. Draw only from the `random` that it is given, and make all state ' +
  'in `generate`'

function haveSameArrivals({ arrival: first }: Workload, { arrival: second }: Workload): boolean {
  return first.length === second.length && first.every((at, call) => at === second[call])
}
