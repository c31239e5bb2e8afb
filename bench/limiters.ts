import { burstGuard } from '../sim/limiters/burst-guard.ts'
import { fixedWindow } from '../sim/limiters/fixed-window.ts'
import type { Cost, Limiter } from '../sim/limiters/limiter.ts'
import { slidingLog } from '../sim/limiters/sliding-log.ts'
import { tokenBucket } from '../sim/limiters/token-bucket.ts'
import type { Limit } from '../src/core/limit.ts'
import { processorSeconds } from './processor-seconds.ts'

const cost: Cost = { requests: 1, tokens: 700 }
const operations = 2_000_000

/** Nanoseconds an operation: a check and, when it passes, a charge. A request comes every millisecond. */
function perOperation(limiter: Limiter, from: number): number {
  const started = processorSeconds()
  for (let i = 0; i < operations; i++) {
    const now = from + i
    if (!limiter.check(cost, now)) limiter.charge(cost, now)
  }
  return ((processorSeconds() - started) * 1e9) / operations
}

/** A full log of this number of entries. Of every two requests, one is admitted and one denied. */
function filled(entries: number): { limiter: Limiter; from: number } {
  const limit: Limit = { rule: 'rpm', limit: entries, window: 2 * entries }
  const limiter = slidingLog(limit)
  for (let at = 0; at < 2 * entries; at += 2) limiter.charge(cost, at)
  return { limiter, from: 2 * entries }
}

/** Measures the operation of each limiter, and that of the log for several numbers of entries. */
export async function limiters(): Promise<void> {
  console.log('Limiters, a check and (when it passes) a charge, half of them denied with their exact wait:')
  const rpm: Limit = { rule: 'rpm', limit: 30_000, window: 60_000 }
  const others: Record<string, () => Limiter> = {
    'fixed window': () => fixedWindow(rpm),
    'token bucket': () => tokenBucket(rpm),
    'burst guard': () => burstGuard({ unit: 'requests', floor: 2500, growth: 2, interval: 5000, memory: 60_000 }),
  }
  for (const [name, make] of Object.entries(others)) {
    perOperation(make(), 0)
    console.log(`  ${name.padEnd(28)}${perOperation(make(), 0).toFixed(0).padStart(5)} ns`)
  }
  for (const entries of [1e2, 1e3, 1e4, 1e5, 1e6]) {
    const { limiter, from } = filled(entries)
    perOperation(limiter, from)
    const nanoseconds = perOperation(limiter, from + operations)
    console.log(
      `  ${`sliding log, ${entries.toLocaleString('en')} entries`.padEnd(28)}${nanoseconds.toFixed(0).padStart(5)} ns`,
    )
  }
}
