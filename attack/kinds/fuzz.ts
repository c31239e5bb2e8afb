import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { MockSetup } from '../../sim/ratelab-mock.ts'
import { systemClock } from '../../src/ratelab.ts'
import { besiege, type Ground } from '../server/ground.ts'
import { extremeSettings } from '../traffic/extreme-settings.ts'
import { bytesOf } from '../traffic/hostile-bytes.ts'
import { hostileRequests } from '../traffic/hostile-request.ts'
import type { Attack } from './attack.ts'
import { type Input, sendAll } from './send-all.ts'

/** A day passes in a second, so that delays and slow answers of extreme settings end. */
const speed = 86_400

export const fuzz: Attack = {
  about:
    'requests of every protocol, mutated at random, over sockets to servers with default and with extreme settings',
  async run(ground) {
    const { isShort, seed, span } = ground
    // The first server is attacked long enough to show whether its memory grows.
    await attackServer(ground, {}, seed, isShort ? 2000 : Infinity, span)
    const servers = isShort ? 3 : 30
    for (let i = 1; i <= servers; i++) {
      const [setup] = fc.sample(extremeSettings, { seed: seed + i, numRuns: 1 })
      await attackServer(ground, setup!, seed + i, isShort ? 500 : 5000, span)
    }
  },
}

/** Sends requests to a server with this setup until their number or the time is reached. */
async function attackServer(
  ground: Ground,
  setup: MockSetup,
  seed: number,
  count: number,
  span: number,
): Promise<void> {
  const config = join(ground.folder, `fuzz-${seed}.json`)
  writeFileSync(config, JSON.stringify({ ...setup, speed }))
  const mayFail = (setup.faults ?? []).length > 0
  const statusProblem = (status: number) =>
    status >= 500 && !mayFail ? `status ${status} without a fault plan` : undefined
  await besiege(ground, { args: ['--config', config] }, ({ port }) => {
    const sending = { ...ground, port, connections: 16, within: 60_000, mayCut: mayFail, statusProblem }
    return sendAll(inputs(seed, count, systemClock.now() + span), sending)
  })
}

/** How many requests are drawn at once. */
const batch = 100

function* inputs(seed: number, count: number, until: number): Iterable<Input> {
  for (let drawn = 0; drawn < count && systemClock.now() < until; drawn += batch)
    for (const request of fc.sample(hostileRequests, { seed: seed + drawn, numRuns: batch })) {
      const bytes = bytesOf(request)
      if (bytes)
        yield {
          what: `seed ${seed + drawn}: ${request.method} ${request.path} ${request.body}`,
          path: request.path,
          bytes,
        }
    }
}
