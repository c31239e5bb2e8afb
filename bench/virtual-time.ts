import { simulate } from '../sim/skins/in-process.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { maximum, minimum } from '../src/core/extremes.ts'
import { seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import { run } from '../src/harness/run.ts'
import { Trace } from '../src/harness/trace.ts'
import type { Case } from '../src/scenario/scenario.ts'
import { workloadOf } from '../src/scenario/traffic/workload-of.ts'
import type { World } from '../src/scenario/world.ts'
import { tide } from '../src/strategies/recommended/tide.ts'
import { retry } from '../src/strategies/retry/retry.ts'
import { processorSeconds } from './processor-seconds.ts'

const world: World = { profile: 'article', accounts: [{ name: 'main', keys: ['sk-main'] }] }

/** A strategy, and about how many attempts it makes of a call of Poisson arrivals at 120 % of the quota. */
interface Measured {
  readonly strategy: Strategy
  readonly perCall: number
}

const retries: Measured = { strategy: retry({ attempts: 6, jitter: 'full' }), perCall: 3.3 }
/** A fifth of the calls expires in its line. */
const learner: Measured = { strategy: tide(), perCall: 0.83 }

/** A workload of so many calls. */
function workload(calls: number): Case {
  return {
    name: 'bench',
    title: 'bench',
    arrivals: { kind: 'poisson', perSecond: 12, until: (1000 * calls) / 12 },
    lengths: { kind: 'fixed', prompt: 600, output: 150 },
    maxTokens: 2048,
    patience: 120_000,
    horizon: 4e9,
  }
}

interface Run {
  readonly attempts: number
  /** Processor time. */
  readonly seconds: number
  /** Per attempt. NaN for short runs. */
  readonly bytes: number
}

/** What a run of about `attempts` attempts takes. */
export async function measure(attempts: number, { strategy, perCall } = retries): Promise<Run> {
  const chosen = workload(attempts / perCall)
  const random = seeded(1)
  const offered = workloadOf(chosen, random.fork('workload'), undefined)
  const clock = virtualClock()
  const before = settledMemory(attempts)
  const trace = new Trace(offered.arrival.length)
  const simulation = simulate(world, {
    timeline: clock,
    random: random.fork('world'),
    recorder: trace,
    outputTokens: (call) => offered.outputTokens[call.id]!,
  })
  const started = processorSeconds()
  const { finished } = run({
    clock,
    random: random.fork('strategy'),
    strategy,
    outlet: simulation.send,
    trace,
    workload: offered,
    target: { endpoint: 'dashscope', key: 'sk-main', model: 'qwen3-max' },
    maxTokens: chosen.maxTokens,
    patience: chosen.patience,
    horizon: chosen.horizon,
  })
  await clock.run(finished)
  const seconds = processorSeconds() - started
  const bytes = (settledMemory(attempts) - before) / trace.attempts
  return { attempts: trace.attempts, seconds, bytes }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The memory after a garbage collection, in bytes. NaN for short runs, which a collection would slow down without a useful figure. */
function settledMemory(attempts: number): number {
  if (attempts < 1e7) return Number.NaN
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Measures the full stack in virtual time: an async strategy, the provider with all limits and the burst guard, the network, the trace. */
export async function virtualTime(): Promise<void> {
  console.log('Attempts a second of processor time, full stack (retry 6 full jitter, Poisson at 120 % of the quota):')
  for (let warmUp = 0; warmUp < 5; warmUp++) await measure(100_000)
  const rates: number[] = []
  for (const size of [1e4, 1e5, 1e6, 1e7]) {
    // Short runs are repeated, because the clock is too coarse for one of them.
    const runs: Run[] = []
    for (let left = 1e6; left > 0; left -= size) runs.push(await measure(size))
    const perSecond = sum(runs.map(({ attempts }) => attempts)) / sum(runs.map(({ seconds }) => seconds))
    rates.push(perSecond)
    const { attempts, bytes } = runs.at(-1)!
    const count = attempts.toLocaleString('en').padStart(11)
    console.log(
      `  ${count} attempts  ${(perSecond / 1e6).toFixed(2)} M/s  ${Number.isNaN(bytes) ? '' : `${bytes.toFixed(0)} bytes an attempt`}`,
    )
  }
  console.log(`  slowest ÷ fastest: ${(minimum(rates) / maximum(rates)).toFixed(2)}`)
  await measure(100_000, learner)
  const { attempts, seconds } = await measure(500_000, learner)
  console.log(`The same under ${learner.strategy.name}: ${(attempts / seconds / 1e6).toFixed(2)} M/s`)
}

if (import.meta.main) await virtualTime()
