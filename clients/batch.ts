import { during, hostGuests } from '../lab/guests/guest-time.ts'
import { mock } from '../sim/mock/mock.ts'
import { mockFetch } from '../sim/skins/fetch/virtual-fetch.ts'
import { lentTime } from '../sim/time/lent-time.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { seeded } from '../src/core/random.ts'
import { toFetch } from '../src/fetch.ts'
import { recommended } from '../src/strategies/recommended/recommended.ts'
import type { BatchResult } from './results.ts'
import { key, model, prompt } from './situation.ts'
import type { Sdk, Through } from './through-strategy.ts'

/** So many calls come at once: what the quota admits in a third of a minute. */
export const batchCalls = 200

/** The start of simulated time: a whole minute. */
const origin = 1_800_000_000_000

/** Makes a batch of calls with each SDK, with its own retries and with `toFetch(recommended())`, each against a new mock, in virtual time. */
export async function runBatches(sdks: readonly Sdk[]): Promise<readonly BatchResult[]> {
  const leave = hostGuests()
  try {
    const results: BatchResult[] = []
    for (const sdk of sdks) for (const isAlone of [true, false]) results.push(await runBatch(sdk, isAlone))
    return results
  } finally {
    leave()
  }
}

async function runBatch({ client, perform }: Sdk, isAlone: boolean): Promise<BatchResult> {
  const clock = virtualClock(origin)
  const provider = mock({ timeline: clock })
  const fetch = mockFetch(provider)
  const random = seeded(1)
  const through: Partial<Through> = isAlone
    ? { fetch }
    : { fetch: toFetch(recommended(), { fetch, clock, random }), maxRetries: 0 }
  const task = { origin: 'http://mock.test', key, model, prompt, stream: false }
  const calls = during({ time: lentTime(clock), random }, () =>
    Promise.all(Array.from({ length: batchCalls }, () => perform(task, through))),
  )
  const views = await clock.run(calls)
  return {
    client: client.name,
    title: client.title,
    isAlone,
    answered: views.filter(({ error }) => !error).length,
    attempts: provider.journal.entries().length,
    seconds: Math.round((clock.now() - origin) / 1000),
  }
}
