import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { slidingLog } from '../sim/limiters/sliding-log.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { seeded } from '../src/core/random.ts'
import { processorSeconds } from './processor-seconds.ts'
import { measure } from './virtual-time.ts'

/**
 * A minimal model: Poisson arrivals at 12 a second, sliding logs of 10 a second and 600 a minute, up to 6 attempts with full
 * jitter (base 1 s, cap 60 s), replies after 0.8 to 1.8 s. `peers/simpy_model.py` is the same model in SimPy.
 */
async function minimalModel(calls: number): Promise<number> {
  const clock = virtualClock()
  const { next } = seeded(1)
  const rps = slidingLog({ rule: 'rps', limit: 10, window: 1000 })
  const rpm = slidingLog({ rule: 'rpm', limit: 600, window: 60_000 })
  const cost = { requests: 1, tokens: 0 }
  let attempts = 0

  async function call(): Promise<void> {
    for (let k = 0; k < 6; k++) {
      attempts++
      const now = clock.now()
      if (!rps.check(cost, now) && !rpm.check(cost, now)) {
        rps.charge(cost, now)
        rpm.charge(cost, now)
        return clock.sleep(800 + Math.floor(1000 * next()))
      }
      await clock.sleep(Math.floor(next() * Math.min(60_000, 1000 * 2 ** k)))
    }
  }

  async function offer(): Promise<void> {
    const pending: Promise<void>[] = []
    for (let i = 0; i < calls; i++) {
      await clock.sleep(Math.round((-1000 / 12) * Math.log(1 - next())))
      pending.push(call())
    }
    await Promise.all(pending)
  }

  const started = processorSeconds()
  await clock.run(offer())
  return attempts / (processorSeconds() - started)
}

/** Runs the model in SimPy. Returns undefined when SimPy is not installed. */
function simpy(calls: number): number | undefined {
  const script = fileURLToPath(new URL('./peers/simpy_model.py', import.meta.url))
  const { status, stdout } = spawnSync('python3', [script, String(calls)], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

export async function peers(): Promise<void> {
  console.log('Attempts a second of processor time, in turn: the minimal model here and in SimPy, and our full stack:')
  await minimalModel(50_000)
  for (let warmUp = 0; warmUp < 5; warmUp++) await measure(100_000)
  for (let round = 0; round < 3; round++) {
    const minimal = await minimalModel(400_000)
    const theirs = simpy(100_000)
    const { attempts, seconds } = await measure(1e6)
    const full = attempts / seconds
    const ratios = theirs && `, ratios to SimPy ${(minimal / theirs).toFixed(1)} and ${(full / theirs).toFixed(1)}`
    console.log(
      `  minimal ${inMillions(minimal)}, SimPy ${theirs ? inMillions(theirs) : 'not installed (pip install simpy)'}, ` +
        `full stack ${inMillions(full)}${ratios ?? ''}`,
    )
  }
}

function inMillions(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M/s`
}
