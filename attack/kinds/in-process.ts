import fc from 'fast-check'
import { type MockSetup, mock, type RequestRecord, virtualClock, type WireRequest } from '../../sim/ratelab-mock.ts'
import { systemClock } from '../../src/ratelab.ts'
import { exceededLimits } from '../server/access-check.ts'
import type { Findings } from '../server/findings.ts'
import { answerProblem, type HeardAnswer } from '../traffic/answer-check.ts'
import { askMock } from '../traffic/ask-mock.ts'
import { extremeSettings } from '../traffic/extreme-settings.ts'
import { hostileRequests } from '../traffic/hostile-request.ts'
import type { Attack } from './attack.ts'

/** How many requests one mock gets. */
const batch = 200

/** How long the requests of a mock are spread over, simulated milliseconds. */
const spread = 5000

/** By how much the heap may grow after the first minute: a factor, and bytes. */
const growth = { factor: 1.2, bytes: 20 * 2 ** 20 }

const minute = 60_000

export const inProcess: Attack = {
  about: 'a million requests, mutated at random, to mocks in this process with default and with extreme settings',
  async run({ seed, isShort, findings }) {
    const total = isShort ? 100_000 : 1_000_000
    const started = systemClock.now()
    /** The heap after the first minute, or after the first tenth when all takes less than some minutes. */
    let settled: number | undefined
    findings.memory.start = heap()
    for (let i = 0; i < total / batch; i++) {
      const [setup] = i % 2 === 0 ? [{}] : fc.sample(extremeSettings, { seed: seed + i, numRuns: 1 })
      await attackMock(setup!, fc.sample(hostileRequests, { seed: seed + i, numRuns: batch }), seed + i, findings)
      if (i % 100 === 0) findings.memory.peak = Math.max(findings.memory.peak, heap())
      const isSettled = systemClock.now() - started > minute || i >= total / batch / 10
      if (isSettled) settled ??= heap()
    }
    const end = heap()
    findings.memory.end = end
    if (settled !== undefined && end > growth.factor * settled + growth.bytes)
      findings.problem(`the heap grew from ${settled} to ${end} bytes after the first minute`)
  },
}

/** The heap after a collection. Without \`--expose-gc\` nothing is collected first. */
function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Sends requests to a mock of their own, and checks the answers, the records and the windows. */
async function attackMock(
  setup: MockSetup,
  requests: readonly WireRequest[],
  seed: number,
  findings: Findings,
): Promise<void> {
  const clock = virtualClock(1_800_000_000_000)
  const records: RequestRecord[] = []
  const provider = mock({ timeline: clock, seed: seed >>> 0, ...setup, ended: (record) => records.push(record) })
  const what = (request: WireRequest) =>
    `seed ${seed}, ${JSON.stringify(setup)}: ${request.method} ${request.path} ${request.body}`
  const ask = async (request: WireRequest, i: number): Promise<HeardAnswer | undefined> => {
    await clock.sleep((i * 37) % spread)
    const asked = systemClock.now()
    const answer = askMock(provider, request)
    findings.timed(systemClock.now() - asked, what(request).slice(0, 500))
    return answer
  }
  findings.tried += requests.length
  const mayFail = (setup.faults ?? []).length > 0
  try {
    const answers = await clock.run(Promise.all(requests.map(ask)))
    for (const [i, answer] of answers.entries()) {
      findings.answered(answer ? answer.status : 'cut')
      const request = requests[i]!
      const problem = answer ? answerProblem(request.path, answer) : mayFail ? undefined : 'no answer'
      if (problem !== undefined) findings.problem(`${problem}: ${what(request)}`)
      else if (answer && answer.status >= 500 && !mayFail) findings.problem(`status ${answer.status}: ${what(request)}`)
    }
  } catch (error) {
    findings.problem(`${(error as Error).stack?.slice(0, 400)} with seed ${seed}, ${JSON.stringify(setup)}`)
    return
  }
  if (provider.inFlight !== 0) findings.problem(`seed ${seed}: ${provider.inFlight} requests in flight at the end`)
  if (records.length !== requests.length)
    findings.problem(`seed ${seed}: ${records.length} of ${requests.length} requests have ended once`)
  const windows = Object.keys(setup.limits ?? {}).flatMap((model) =>
    provider.profile.models[model]!.limits.filter(({ rule }) => rule.startsWith('rp')).map(({ limit, window }) => ({
      model,
      limit,
      window,
    })),
  )
  if ((setup.switches?.window ?? 'sliding') === 'sliding')
    for (const each of windows.flatMap((limit) => exceededLimits(records, limit)))
      findings.problem(`seed ${seed}: ${each}`)
}
