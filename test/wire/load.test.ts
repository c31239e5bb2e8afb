import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { LoadOptions } from '../../lab/load/load-options.ts'
import { priceIn } from '../../lab/load/spending.ts'
import { prepareLoad } from '../../lab/load/wire-study.ts'
import { runStudy } from '../../lab/study.ts'
import type { StudyOptions } from '../../lab/study-options.ts'
import { control } from '../../sim/control/control.ts'
import { upstreamFetch } from '../../sim/gateway/http/upstream-fetch.ts'
import { type Mock, type MockOptions, mock } from '../../sim/mock/mock.ts'
import { altered } from '../../sim/profiles/altered.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { wireSentences } from '../../src/report/sentences/wire.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { ends } from './stopped-server.ts'

const send = upstreamFetch({ clock: systemClock, connect: 10_000 })
const model = 'qwen-plus'
// What the network of the laboratory does, a connection on one machine does not.
const switches = { burstGuard: false, firstToken: 100, tokensPerSecond: 200, latencySpread: 0, networkDelay: 0 }
const limits = { [model]: [{ rule: 'rps' as const, limit: 10, window: 1000 }] }
const profile = { ...altered(profileOf('intl'), limits), name: 'wired' }

const scenario: Scenario = {
  name: 'wired',
  title: 'Calls at once',
  question: 'What does the wire change?',
  model,
  world: { profile, accounts: [{ name: 'main', keys: ['sk-stands-for-a-key'] }], switches },
  strategies: ['retry-pace', 'none'],
  cases: [
    {
      name: 'batch',
      title: '40 calls at once',
      arrivals: { kind: 'at-once', calls: 40 },
      lengths: { kind: 'fixed', prompt: 50, output: 20 },
      maxTokens: 100,
      patience: 60_000,
      horizon: 60_000,
    },
  ],
}

/** Serves a mock of the scenario's world, with its control plane, until the end of the test. */
async function servedMock(setup: Partial<MockOptions> = {}, speed = 1) {
  const timeline = wallTimeline({ origin: 0, speed })
  const wire = { answerTokens: 1000, answerSpread: 0 }
  const provider: Mock = mock({ timeline, profile, switches, wire, ...setup })
  const server = await serve(provider, { control: control(provider) })
  ends.push(() => server.close(0), timeline.stop)
  return { provider, server, url: `${server.origin}/compatible-mode/v1` }
}

async function loadOf(url: string, options: StudyOptions = {}, load: Partial<LoadOptions> = {}) {
  return prepareLoad(scenario, { seeds: 1, ...options }, { url, keys: ['sk-ratelab'], send, ...load })
}

/** A server that answers each request as this function says. */
async function answering(
  answer: (count: number) => readonly [status: number, body: string] | 'break',
): Promise<string> {
  let count = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const given = request.url === '/_ratelab/state' ? ([404, ''] as const) : answer(++count)
      if (given === 'break') response.destroy()
      else response.writeHead(given[0], { 'content-type': 'application/json' }).end(given[1])
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.on('listening', resolve))
  ends.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => server.closeAllConnections(),
  )
  ends.reverse()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const okBody = JSON.stringify({ model, usage: { prompt_tokens: 50, completion_tokens: 20 } })

describe('a load', () => {
  // Real timers fire about a millisecond late, and a busy machine delays them more.
  test('of a paced run agrees with virtual time, within 1 %', { retry: 2 }, async () => {
    const { url } = await servedMock()
    const options = { strategies: ['retry-pace:perSecond=9'], seeds: [1] }
    const result = await (await loadOf(url, options)).run()
    const wired = result!.comparison.cases[0]!.rows[0]!
    const virtual = (await runStudy(scenario, options)).cases[0]!.rows[0]!
    expect(wired.metrics.success.value).toBe(1)
    expect(result!.cells[0]!.summary.attempts).toBe(40)
    for (const name of ['makespan', 'efficiency', 'waitP95', 'latencyP50'] as const) {
      const [over, inside] = [wired.metrics[name].value, virtual.metrics[name].value]
      expect(Math.abs(over - inside) / inside, name).toBeLessThan(0.01)
    }
    expect(wired.outcomes).toEqual(virtual.outcomes)
  })

  test('finds a mock with the scenario’s world, runs at its speed, and resets it before each run', async () => {
    const { url, provider } = await servedMock({}, 30)
    provider.reset(7)
    const load = await loadOf(url, { strategies: ['none'], seeds: [3, 4] })
    expect(load.facts.wire).toMatchObject({ address: url, speed: 30, limits: 'mock' })
    expect([load.runs, load.calls, load.notes]).toEqual([2, 80, []])
    const settled: number[] = []
    const result = await load.run({ onProgress: (count) => settled.push(count) })
    expect(provider.seed).toBe(4)
    expect(settled.at(-1)).toBe(80)
    expect(result!.cells.map(({ seed }) => seed)).toEqual([3, 4])
    expect(result!.comparison.cases[0]!.rows[0]!.optimum.reachable.value).toBe(40)
  })

  test('finds a limit on requests in flight no other world when the scenario has it', async () => {
    const { url } = await servedMock({ switches: { ...switches, inFlightLimit: 3 } })
    expect((await loadOf(url)).notes.join()).toContain('(inFlightLimit 3 instead of 0)')
    const limited = { ...scenario, world: { ...scenario.world, switches: { ...switches, inFlightLimit: 3 } } }
    const load = await prepareLoad(limited, { seeds: 1 }, { url, keys: ['sk-ratelab'], send })
    expect([load.facts.wire.limits, load.notes]).toEqual(['mock', []])
  })

  test('says that there is no optimum at a mock of another world, and anywhere else', async () => {
    const { url } = await servedMock({ profile: 'intl', switches: { ...switches, window: 'fixed' } })
    const load = await loadOf(url)
    expect(load.facts.wire.limits).toBe('none')
    expect(load.notes.join()).toMatch(
      /profile intl instead of wired, other limits of qwen-plus, window fixed instead of sliding/,
    )
    const shared = await servedMock({
      background: [
        {
          account: 'main',
          model,
          arrivals: { kind: 'at-once', calls: 1 },
          lengths: { kind: 'fixed', prompt: 1, output: 1 },
          maxTokens: 1,
        },
      ],
    })
    expect((await loadOf(shared.url)).notes.join()).toContain('(others who use its accounts)')
    expect(load.facts.cases[0]).toMatchObject({ limitPerSecond: Infinity })
    const elsewhere = await loadOf(await answering(() => [200, okBody]), { strategies: ['none'] })
    expect(elsewhere.notes.join()).toMatch(/There is no optimum, since the limits of this address are not known/)
    const result = await elsewhere.run()
    const [row] = result!.comparison.cases[0]!.rows
    expect(row!.metrics.success.value).toBe(1)
    expect(row!.metrics.efficiency.value).toBeGreaterThan(0.5)
    expect(terminal(result!.comparison, { width: 80, colour: false })).toContain('no limit on requests')
  })

  test('is refused at the speed of another clock, at a paused mock, and where nobody answers', async () => {
    const { url, provider, server } = await servedMock({}, 2)
    await expect(loadOf(url, {}, { speed: 60 })).rejects.toThrow(/`--speed` to be that of the mock’s clock, 2, got 60/)
    ;(provider.timeline as ReturnType<typeof wallTimeline>).setSpeed(0)
    await expect(loadOf(url)).rejects.toThrow(/a mock whose clock runs/)
    await server.close(0)
    await expect(loadOf(url)).rejects.toThrow(/`--url` to be the address of a server that answers, but .* does not: /)
  })

  test('keeps what was measured when it is interrupted, without what did not run', async () => {
    const { url } = await servedMock()
    const load = await loadOf(url)
    const stop = new AbortController()
    const result = await load.run({
      signal: stop.signal,
      onProgress: (settled) => settled === 12 && stop.abort(),
    })
    expect(result!.study.cases[0]!.contestants.map(({ id }) => id)).toEqual(['retry-pace'])
    const { outcomes, calls } = result!.cells[0]!.summary
    expect(calls).toBe(40)
    expect(outcomes.ok).toBeGreaterThanOrEqual(11)
    expect(outcomes.ok + outcomes.unfinished).toBe(40)
    expect(wireSentences(result!.comparison).join('\n')).toMatch(
      /Warning: The load was interrupted in run 1 of 2: .* is kept\.\nWarning: The run of retry-pace .* ends 1/,
    )
  })

  test('that is interrupted before its first run measures nothing', async () => {
    const { url } = await servedMock()
    const stop = new AbortController()
    const running = (await loadOf(url)).run({ signal: stop.signal })
    stop.abort()
    expect(await running).toBeUndefined()
  })

  test('keeps what was measured when the mock is gone before the next run', async () => {
    const { url, server } = await servedMock({}, 20)
    const load = await loadOf(url)
    const result = await load.run({ onProgress: (settled) => settled === 40 && server.close(0) })
    expect(result!.cells.map(({ strategy }) => strategy)).toEqual(['retry-pace'])
    expect(result!.cells[0]!.summary.outcomes.ok).toBe(40)
    expect(wireSentences(result!.comparison).join('\n')).toContain('The load found its mock gone in run 1 of 2')
  })

  test.each([
    ['maxRequests', { maxRequests: 7 }],
    ['maxSpend', { maxSpend: 0.000_5 }],
  ] as const)('stops at its cap %s, and never beyond it', async (cap, caps) => {
    let asked = 0
    const url = await answering(() => {
      asked++
      return [200, okBody]
    })
    const result = await (await loadOf(url, { strategies: ['none'] }, caps)).run()
    const { attempts, metrics } = result!.cells[0]!.summary
    expect(attempts).toBe(asked)
    expect(asked).toBeLessThan(40)
    if (cap === 'maxRequests') expect(asked).toBe(7)
    else expect(metrics.cost).toBeLessThanOrEqual(0.000_5)
    const flag = cap === 'maxRequests' ? '--max-requests' : '--max-spend'
    expect(wireSentences(result!.comparison).join('\n')).toContain(`The load reached ${flag} in run 1 of 1`)
  })

  test('that a cap or a lost mock ends before its first request is an error', async () => {
    const elsewhere = await loadOf(await answering(() => [200, okBody]), {}, { maxSpend: 0 })
    await expect(elsewhere.run()).rejects.toThrow(/it reached --max-spend before its first one: raise the cap/)
    const { url, server } = await servedMock()
    const load = await loadOf(url)
    await server.close(0)
    await expect(load.run()).rejects.toThrow(/it found its mock gone before its first one: start it again/)
  })

  test('goes on when the server dies, and says how attempts failed', async () => {
    const url = await answering((count) => (count > 5 ? 'break' : [200, okBody]))
    const result = await (await loadOf(url, { strategies: ['none'] })).run()
    const { outcomes } = result!.cells[0]!.summary
    expect(outcomes).toMatchObject({ ok: 5, failed: 35 })
    expect(wireSentences(result!.comparison).join('\n')).toMatch(
      /Attempts that failed, .*: 35 with no reply \(ECONNRESET\)/,
    )
  })

  test('takes each kind of 429 for what it is', async () => {
    const codes = ['limit_requests', 'insufficient_quota', 'limit_burst_rate', undefined]
    const url = await answering((count) => {
      const code = codes[count % 5]
      if (count % 5 === 4) return [429, 'busy']
      return [
        429,
        JSON.stringify({ error: { code, message: count % 5 === 3 ? 'Free allocated quota exceeded.' : 'x' } }),
      ]
    })
    const result = await (await loadOf(url, { strategies: ['none'] })).run()
    const { denials, outcomes } = result!.cells[0]!.summary
    expect(outcomes.throttled).toBe(40)
    expect(Object.entries(denials).filter(([, count]) => count > 0)).toEqual([
      ['rpm', 16],
      ['tpm', 8],
      ['burst', 8],
      ['free', 8],
    ])
  })

  test('reads streams to their end', async () => {
    const { url } = await servedMock({}, 20)
    const options = { strategies: ['retry-pace'] }
    const result = await (await loadOf(url, options, { stream: true })).run()
    const { summary } = result!.cells[0]!
    expect(summary.outcomes.ok).toBe(40)
    expect(summary.metrics.cost).toBeCloseTo(40 * priceIn(profile, model, { promptTokens: 50, outputTokens: 20 }), 9)
  })

  test('warns with figures when this process cannot keep up', async () => {
    const url = await answering(() => [200, okBody])
    const arrivals = { kind: 'custom' as const, generate: () => Array.from({ length: 40 }, (_, i) => 10 * i) }
    const steady = { ...scenario, strategies: ['none'], cases: [{ ...scenario.cases[0]!, arrivals }] }
    const load = await prepareLoad(steady, { seeds: 1 }, { url, keys: ['k'], send })
    let isBlocked = false
    const result = await load.run({
      onProgress() {
        const until = systemClock.now() + (isBlocked ? 0 : 150)
        isBlocked = true
        while (systemClock.now() < until);
      },
    })
    const warnings = wireSentences(result!.comparison).join('\n')
    expect(warnings).toMatch(/Warning: The generator fell behind: [\d.]+ % of 40 calls .* the latest \d{3} ms/)
    // Latency counts from the planned arrival, so that it has the delay.
    expect(result!.cells[0]!.summary.metrics.latencyP99).toBeGreaterThan(100)
  })

  test.each(['sk-secret-0123456789abcdef', 'secret-0123456789', 'Bearer/secret-0123456789=='])(
    'shows no key in its result, whatever the server says: %s',
    async (key) => {
      const url = await answering(() => [401, JSON.stringify({ error: { code: key, message: `wrong: ${key}` } })])
      const result = await (await loadOf(url, { strategies: ['none'] }, { keys: [key] })).run()
      expect(JSON.stringify(result)).toContain('status 401')
      expect(JSON.stringify(result)).not.toContain('secret-0123456789')
    },
  )
})
