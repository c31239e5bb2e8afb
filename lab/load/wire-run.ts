import type { WallTimeline } from '../../sim/time/wall-timeline.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
import type { Millis } from '../../src/core/clock.ts'
import { run } from '../../src/harness/run.ts'
import type { ClientKnowledge } from '../catalogue/client-knowledge.ts'
import { cellOf, type Experiment, withOptimum } from '../experiment.ts'
import { runStart } from '../run-start.ts'
import { capped } from './capped.ts'
import { answerTokens } from './chat-request.ts'
import { type HttpOutletOptions, httpOutlet } from './http-outlet.ts'
import type { CappedSpending } from './spending.ts'
import type { StartDelays } from './start-delays.ts'
import { watchedStrategy } from './watched-strategy.ts'

/** What all runs of a load have in common. */
export interface WireRunSetup
  extends Pick<HttpOutletOptions, 'send' | 'url' | 'keyOf' | 'stream' | 'price' | 'failures'> {
  readonly spending: CappedSpending
  readonly clock: WallTimeline
  readonly delays: StartDelays
  /** Returns the knowledge whose limits give the optimum. */
  readonly optimumKnowledge: (knowledge: ClientKnowledge) => ClientKnowledge
  /** Ends the run as it is when it aborts. */
  readonly stop: AbortController
  /** Called when a call is settled. */
  onSettled(): void
}

/** Runs one experiment over the wire, and returns its cell. A run that is stopped gives the cell of a run whose horizon was that instant. */
export async function runOverWire(
  experiment: Experiment & { readonly withSeries: boolean },
  setup: WireRunSetup,
): Promise<Cell> {
  const { chosen } = experiment
  const { clock, delays, spending, stop, onSettled } = setup
  const { options, knowledge, draws } = runStart(experiment)
  const { strategy, trace, workload } = options
  const start = clock.now()
  const watched = watchedStrategy(strategy, {
    started: ({ id }) => delays.started((clock.now() - start - workload.arrival[id]!) / clock.speed()),
    ended: onSettled,
    sending: (next) =>
      capped(next, {
        spending,
        highestUsage: (call) => ({ promptTokens: call.promptTokens, outputTokens: answerTokens(workload, call) }),
        reached: (cap) => stop.abort(cap),
      }),
  })
  let stoppedAt: Millis | undefined
  const noteStop = () => {
    stoppedAt = clock.now() - start
  }
  stop.signal.addEventListener('abort', noteStop)
  try {
    await run({
      ...options,
      clock,
      strategy: watched,
      outlet: httpOutlet({ ...setup, trace, workload }),
      signal: stop.signal,
    }).finished
  } finally {
    stop.signal.removeEventListener('abort', noteStop)
  }
  const measured =
    stoppedAt === undefined
      ? experiment
      : {
          ...experiment,
          chosen: { ...chosen, horizon: Math.max(1, stoppedAt) },
          shared: { workload, optima: new Map() },
        }
  return cellOf(
    measured,
    withOptimum(measured, { trace, workload, draws, knowledge: setup.optimumKnowledge(knowledge) }),
  )
}
