import { profileNamed } from '../sim/profiles/profiles.ts'
import { simulate } from '../sim/skins/in-process.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { type Cell, summarizeOptimum } from '../src/compare/comparison.ts'
import { seriesOf } from '../src/compare/series.ts'
import { summarize } from '../src/compare/summary.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import { run } from '../src/harness/run.ts'
import { Trace } from '../src/harness/trace.ts'
import { type Optimum, optimum } from '../src/optimum/oracle.ts'
import { pooledLimits } from '../src/optimum/quota.ts'
import { type Case, type Scenario, worldOf } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import { type Workload, workloadOf } from '../src/scenario/workload.ts'
import { entrant } from './catalogue.ts'
import { type ClientKnowledge, targetOf } from './client-knowledge.ts'

/** One strategy, one case, one seed. */
export interface Job {
  readonly chosen: Case
  readonly strategy: string
  readonly seed: number
  /** Whether the charts want this run's series. */
  readonly withSeries: boolean
}

export function clientKnowledgeOf(scenario: Scenario, chosen: Case): ClientKnowledge {
  const world = worldOf(scenario, chosen)
  return { world, profile: profileNamed(world.profile), model: scenario.model }
}

/** A run that is over: what was offered, what happened, and what could have happened at best. */
export interface Conducted {
  readonly workload: Workload
  readonly trace: Trace
  readonly best: Optimum
}

/** Longer than any reply takes: an hour. */
const longestService: Millis = 3_600_000

/** Runs one job in virtual time. Everything random hangs on the seed, and nothing on the strategy but its own jitter. */
export async function conduct(scenario: Scenario, job: Job, recorded: Workload | undefined): Promise<Conducted> {
  const { chosen, seed } = job
  const { maxTokens, patience, horizon, serverWait = 0 } = chosen
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { strategy, quotas } = entrant(job.strategy, knowledge)
  const random = seeded(seed)
  const { workload, optima } = offered(chosen, seed, recorded)
  const clock = virtualClock()
  const trace = new Trace(workload.arrival.length)
  const { send, serviceTime } = simulate(knowledge.world, {
    timeline: clock,
    random: random.fork('world'),
    recorder: trace,
    outputTokens: (call) => workload.outputTokens[call.id]!,
  })
  const target = targetOf(knowledge)
  const strategyRandom = random.fork('strategy')
  const options = {
    clock,
    random: strategyRandom,
    strategy,
    outlet: send,
    trace,
    workload,
    target,
    maxTokens,
    patience,
    horizon,
    serverWait,
  }
  const { finished, waiting } = run(options)
  await clock.run(finished, waiting)
  // Whoever hangs up is billed all the same: what is still in service when the last caller has gone is completed too.
  await clock.run(clock.sleep(longestService))
  const limits = pooledLimits(quotas)
  const quota = JSON.stringify(limits)
  const best =
    optima.get(quota) ??
    optimum({
      workload,
      limits,
      ...switchesOf(knowledge.world.switches),
      maxTokens,
      patience,
      horizon,
      serviceTime: (call) => serviceTime(call, Math.min(workload.outputTokens[call]!, maxTokens)),
    })
  optima.set(quota, best)
  return { workload, trace, best }
}

/** What all strategies of one case and seed meet alike: drawn once, and what could be made of it at best, by quota. */
interface Offered {
  readonly chosen: Case
  readonly seed: number
  readonly recorded: Workload | undefined
  readonly workload: Workload
  readonly optima: Map<string, Optimum>
}

/** Jobs come case by case and seed by seed, so that the last one is all there is to remember. */
let last: Offered | undefined

function offered(chosen: Case, seed: number, recorded: Workload | undefined): Offered {
  if (last?.chosen === chosen && last.seed === seed && last.recorded === recorded) return last
  const workload = workloadOf(chosen, seeded(seed).fork('workload'), recorded)
  last = { chosen, seed, recorded, workload, optima: new Map() }
  return last
}

/** Runs one job, and keeps of it what a comparison needs. */
export async function runJob(scenario: Scenario, job: Job, recorded: Workload | undefined): Promise<Cell> {
  const { workload, trace, best } = await conduct(scenario, job, recorded)
  return {
    summary: summarize(trace, workload, job.chosen.maxTokens, best),
    optimum: summarizeOptimum(best),
    ...(job.withSeries && { series: seriesOf(trace, workload) }),
  }
}
