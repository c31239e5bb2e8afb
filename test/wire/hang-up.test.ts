import { describe, expect, test, vi } from 'vitest'
import type { Mock } from '../../sim/mock/mock.ts'
import { readyBy } from '../../sim/provider/speed.ts'
import type { MockSetup } from '../../sim/setup/mock-setup.ts'
import { simulate } from '../../sim/skins/in-process.ts'
import { virtualClock } from '../../sim/time/virtual-clock.ts'
import type { WireRequest } from '../../sim/wire/exchange.ts'
import type { Millis } from '../../src/core/clock.ts'
import { seeded } from '../../src/core/random.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { callOf, RecorderStub } from '../sim/rig.ts'
import { type StoppedSkin, stoppedSkins } from './stopped-skins.ts'

// A caller hangs up while the model writes. Every skin must bill and count the same tokens.

const model = 'qwen-plus'
const answerTokens = 100
/** The first token is ready after 600 ms, the last after 2600 ms. */
const speed: Partial<Switches> = { firstToken: 600, tokensPerSecond: 50, latencySpread: 0, networkDelay: 0 }
const accounts = [{ name: 'a', keys: ['k'], freeTokens: 0 }]

interface Result {
  readonly outputTokens: number
  readonly money: number
  /** Tokens in the trailing minute. */
  readonly counted: number
}

const setupOf = (onHangUp: Switches['onHangUp']): MockSetup => ({
  accounts,
  switches: { ...speed, onHangUp },
  wire: { answerTokens, answerSpread: 0 },
})

const soon = { interval: 1, timeout: 5000 }

/** Counts how often skins tell the mock of a hang-up. A socket takes some real time for it. */
function countHangUps(provider: Mock): () => number {
  const { handle } = provider
  let count = 0
  Object.assign(provider, {
    handle(request: WireRequest) {
      const handling = handle(request)
      const hangUp = () => {
        count++
        handling.hangUp()
      }
      return { ...handling, hangUp }
    },
  })
  return () => count
}

/** Sends a request over a skin, hangs up after a time, and waits until the provider has ended it. */
async function overWire(
  skin: StoppedSkin,
  stream: boolean,
  when: Millis,
): Promise<Result & { readonly promptTokens: number }> {
  const { provider, timeline } = skin
  const hangUps = countHangUps(provider)
  const abort = new AbortController()
  const body = JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Why is the sky blue?' }] })
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }
  const path = '/compatible-mode/v1/chat/completions'
  const answer = skin
    .fetch(path, { method: 'POST', headers, body, signal: abort.signal })
    .then((response) => response.text())
  const rejected = expect(answer).rejects.toThrow()
  await vi.waitFor(() => expect(provider.inFlight).toBe(1), soon)
  timeline.advance(when)
  const [request] = provider.underWay
  abort.abort()
  await rejected
  await vi.waitFor(() => expect(hangUps()).toBe(1), soon)
  timeline.advance(5000)
  expect(request!.end).toBe('left')
  const levels = provider.provider.accounts.get('a')!.quota(model)!.levels(timeline.now())
  const { promptTokens = 0, outputTokens = 0, money = 0 } = request!
  return { promptTokens, outputTokens, money, counted: levels.find(({ rule }) => rule === 'tpm')!.used }
}

/** The money that the laboratory's own skin bills for the same request. */
async function inProcess(promptTokens: number, when: Millis, onHangUp: Switches['onHangUp']): Promise<number> {
  const clock = virtualClock()
  const recorder = new RecorderStub()
  const world = { profile: 'intl', accounts, switches: { ...speed, onHangUp } }
  const { send } = simulate(world, { timeline: clock, random: seeded(1), recorder, outputTokens: () => answerTokens })
  const abort = new AbortController()
  clock.after(when, () => abort.abort('gone'))
  const target = { endpoint: 'dashscope', key: 'k', model }
  await expect(clock.run(send(callOf(0, { target, promptTokens, signal: abort.signal }), 0, 0))).rejects.toBe('gone')
  await clock.run(clock.sleep(60_000))
  return recorder.bills.get(0) ?? 0
}

/** Instants before the first token, at it, between two tokens, and just before the end. */
const instants: readonly Millis[] = [1, 599, 600, 1234, 2599]

describe.each(['stop', 'finish'] as const)('onHangUp: %s', (onHangUp) => {
  describe.each(Object.entries(stoppedSkins))('over %s', (_name, make) => {
    test.each([false, true])('as in process, to the token (stream: %s)', async (stream) => {
      for (const when of instants) {
        const skin = await make(setupOf(onHangUp))
        try {
          const { promptTokens, outputTokens, money, counted } = await overWire(skin, stream, when)
          const written = readyBy(when, { firstToken: 600, total: 2600 }, answerTokens)
          expect(outputTokens).toBe(onHangUp === 'finish' ? answerTokens : written)
          expect(counted).toBe(promptTokens + outputTokens)
          expect(await inProcess(promptTokens, when, onHangUp)).toBeCloseTo(money, 12)
        } finally {
          await skin.end?.()
          skin.timeline.stop()
        }
      }
    })
  })
})
