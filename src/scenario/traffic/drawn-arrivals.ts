import { InputError } from '../../checks/input-error.ts'
import type { Millis } from '../../core/clock.ts'
import { show } from '../../core/expect.ts'
import { exponential, type Random } from '../../core/random.ts'
import { type Arrivals, instants, type PlainArrivals } from '../arrivals/arrivals.ts'
import { mostCalls } from '../arrivals/most-calls.ts'
import { turnsOf } from '../arrivals/sessions.ts'
import type { Processes } from '../processes.ts'
import { callsBeforeEnd } from '../replay-end.ts'
import type { Case } from '../scenario.ts'
import type { ClosedLoop, Workload } from '../workload.ts'
import { requireTrace } from './required-trace.ts'

/** The arrivals of a case, and what else is known of each call before its length is. */
export interface DrawnArrivals {
  /** Whole milliseconds from the run's start, ascending. */
  readonly arrival: Float64Array
  /** The row of the recorded trace that each call repeats. Default: the calls are no replay. */
  readonly row?: Uint32Array
  /** The turn before each call in its conversation; -1 for the first. Default: there are no conversations. */
  readonly follows?: Int32Array
  readonly loop?: ClosedLoop
  /** Default: one process makes all calls. */
  readonly processes?: Processes
}

/** Draws the arrivals of a case. Throws an `InputError` as `workloadOf` does. */
export function drawnArrivals(chosen: Case, random: Random, recorded: Workload | undefined): DrawnArrivals {
  const { name, arrivals } = chosen
  if (arrivals.kind === 'trace') return replayed(chosen, arrivals, random, requireTrace(name, recorded))
  if (arrivals.kind === 'sessions') return conversations(name, arrivals, random)
  const drawn: number[] = []
  for (const at of whole(name, instants(arrivals, random))) push(drawn, at, name)
  return { arrival: Float64Array.from(drawn), ...(arrivals.kind === 'closed' && { loop: drawnLoop(arrivals, random) }) }
}

function push(drawn: number[], at: Millis, name: string): void {
  if (drawn.length === mostCalls) throw tooMany(name, at)
  drawn.push(at)
}

/** The error for a case with more calls than `mostCalls`. */
export function tooMany(name: string, at?: Millis): InputError {
  return new InputError(
    `Expected case \`${name}\` to offer at most ${mostCalls} calls, got more${at === undefined ? '' : ` by t = ${at} ms`}`,
    'SCENARIO_INVALID',
  )
}

/**
 * Yields the instants if they are whole and ascending. The error of a generator is the `cause` of an `InputError`, because the generator is
 * the user's code in a scenario file.
 */
function* whole(name: string, generated: Iterable<Millis>): Generator<Millis> {
  let last = 0
  for (const at of withInputErrors(name, generated)) {
    if (!Number.isSafeInteger(at) || at < last)
      throw new InputError(
        `Expected the arrivals of case \`${name}\` to be whole, ascending milliseconds >= 0, got ${show(at)} after ${last}`,
        'SCENARIO_INVALID',
      )
    yield at
    last = at
  }
}

function* withInputErrors(name: string, generated: Iterable<Millis>): Generator<Millis> {
  try {
    yield* generated
  } catch (cause) {
    const message = `Expected the arrivals of case \`${name}\` to be generated, but the generator throws`
    throw Object.assign(new InputError(message, 'SCENARIO_INVALID'), { cause })
  }
}

/** The pauses belong to calls, so that every strategy meets the same. */
function drawnLoop({ workers, calls, think }: Extract<PlainArrivals, { kind: 'closed' }>, random: Random): ClosedLoop {
  const pauses = random.fork('think')
  return {
    workers,
    think: Float64Array.from({ length: calls }, () => (think === 0 ? 0 : Math.round(exponential(think, pauses)))),
  }
}

function replayed(
  chosen: Case,
  { speed, factor = 1 }: Extract<Arrivals, { kind: 'trace' }>,
  random: Random,
  trace: Workload,
): DrawnArrivals {
  const rows = callsBeforeEnd(chosen, trace)
  const instant = (row: number) => Math.floor(trace.arrival[row]! / speed)
  const drawn: number[] = []
  const row: number[] = []
  for (let each = 0; each < rows; each++) {
    const at = instant(each)
    const room = each + 1 < rows ? instant(each + 1) - at : 0
    const calls = Math.floor(factor) + (random.at(each) < factor % 1 ? 1 : 0)
    const offsets = Array.from({ length: calls }, (_, i) => (i === 0 ? 0 : Math.floor(random.at(each, i) * room)))
    for (const offset of offsets.sort((a, b) => a - b)) {
      push(drawn, at + offset, chosen.name)
      row.push(each)
    }
  }
  return { arrival: Float64Array.from(drawn), row: Uint32Array.from(row) }
}

function conversations(name: string, arrivals: Extract<Arrivals, { kind: 'sessions' }>, random: Random): DrawnArrivals {
  const instants: number[] = []
  const session: number[] = []
  for (const turn of turnsOf(arrivals, random)) {
    push(instants, turn.at, name)
    session.push(turn.session)
  }
  // The sort is stable, so the turns of a conversation keep their order.
  const order = Uint32Array.from(instants, (_, turn) => turn).sort((a, b) => instants[a]! - instants[b]! || a - b)
  const last = new Map<number, number>()
  const follows = Int32Array.from(order, (turn, call) => {
    const before = last.get(session[turn]!) ?? -1
    last.set(session[turn]!, call)
    return before
  })
  return { arrival: Float64Array.from(order, (turn) => instants[turn]!), follows }
}
