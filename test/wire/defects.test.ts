import { afterEach, describe, expect, test, vi } from 'vitest'
import type { MockOptions } from '../../sim/mock/mock.ts'
import { anthropicMessages } from '../../sim/wire/protocols/anthropic/messages.ts'
import { compatChat } from '../../sim/wire/protocols/compat/chat.ts'
import { nativeText } from '../../sim/wire/protocols/native/generation.ts'
import type { Frames, Protocol } from '../../sim/wire/protocols/protocol.ts'
import { responsesApi } from '../../sim/wire/protocols/responses/api.ts'
import { type StoppedSkin, stoppedSkins } from './stopped-skins.ts'

// Something throws at every place of a request, in every skin. The request must end, and nothing else.

afterEach(() => vi.restoreAllMocks())

const model = 'qwen-plus'
const messages = [{ role: 'user', content: 'Hello there' }]
const headers = { authorization: 'Bearer sk-ratelab' }
const message = expect.stringContaining('An internal error has occured')

/** Each protocol with a request, and its error 500. */
const protocols = {
  chat: {
    protocol: compatChat as Protocol,
    path: '/compatible-mode/v1/chat/completions',
    body: { model, messages },
    error: { error: { code: 'internal_error', type: 'internal_error', message, param: null } },
  },
  responses: {
    protocol: responsesApi as Protocol,
    path: '/compatible-mode/v1/responses',
    body: { model, input: 'Hello there' },
    error: { code: 'InternalError', message },
  },
  native: {
    protocol: nativeText as Protocol,
    path: '/api/v1/services/aigc/text-generation/generation',
    body: { model, input: { messages } },
    error: { code: 'InternalError', message },
  },
  anthropic: {
    protocol: anthropicMessages as Protocol,
    path: '/apps/anthropic/v1/messages',
    body: { model, messages, max_tokens: 100 },
    error: { type: 'error', error: { type: 'api_error', message } },
  },
}
type Asked = (typeof protocols)[keyof typeof protocols]

const defect = new Error('thrown on purpose')
const fail = (): never => {
  throw defect
}

/** How something is made to throw. The returned function, if any, makes it stop. */
type Place = (skin: StoppedSkin, asked: Asked) => unknown

const beforeAnswer: Readonly<Record<string, Place>> = {
  'reading the request': (_, { protocol }) => vi.spyOn(protocol, 'read').mockImplementation(fail),
  'the decision': ({ provider }) => vi.spyOn(provider.provider, 'admit').mockImplementation(fail),
  'the service time': ({ provider }) => {
    const { admit } = provider.provider
    vi.spyOn(provider.provider, 'admit').mockImplementation((...all) => {
      const decision = admit(...all)
      if (decision.kind === 'admitted') Object.defineProperty(decision.admission, 'service', { get: fail })
      return decision
    })
  },
}

const ofWholeAnswers: Readonly<Record<string, Place>> = {
  ...beforeAnswer,
  'the body of the answer': (_, { protocol }) => vi.spyOn(protocol, 'whole').mockImplementation(fail),
  'a body that is no JSON': (_, { protocol }) =>
    vi.spyOn(protocol, 'whole').mockImplementation(() => ({ toJSON: fail })),
  'the charge of the answer': ({ provider }) => vi.spyOn(provider.provider, 'complete').mockImplementation(fail),
}

/** The frames of a protocol of which one method throws. */
function failing(name: keyof Frames, { protocol }: Asked): void {
  const { frames } = protocol
  vi.spyOn(protocol, 'frames').mockImplementation((...all) =>
    Object.assign(frames.apply(protocol, all), { [name]: fail }),
  )
}

const ofStreams: Readonly<Record<string, Place>> = {
  ...beforeAnswer,
  'the frames of the stream': (_, { protocol }) => vi.spyOn(protocol, 'frames').mockImplementation(fail),
  'the first frame': (_, asked) => failing('opening', asked),
  'the first token': (_, asked) => failing('delta', asked),
}

const limits = {
  [model]: [
    { rule: 'rpm' as const, limit: 100, window: 60_000 },
    { rule: 'tpm' as const, limit: 100_000, window: 60_000 },
  ],
}

async function skinOf(name: keyof typeof stoppedSkins, options: Partial<MockOptions> = {}) {
  const defects: unknown[] = []
  const onDefect = (error: unknown) => defects.push(error)
  const switches = { burstGuard: false, latencySpread: 0 }
  const wire = { answerTokens: 40, answerSpread: 0 }
  const skin = await stoppedSkins[name]({ limits, switches, wire, onDefect, ...options })
  return { skin, defects }
}

/** Sends a request, lets time pass until the answer is there, and reads it. */
async function ask(skin: StoppedSkin, { path, body }: Asked, isStream = false) {
  const sse: Record<string, string> = isStream ? { 'x-dashscope-sse': 'enable' } : {}
  const sent = JSON.stringify({ ...body, stream: isStream })
  const work = skin
    .fetch(path, { method: 'POST', headers: { ...headers, ...sse }, body: sent })
    .then(async (response) => {
      const text = await response.text().catch(() => 'broken')
      return { status: response.status, text }
    })
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  await vi.waitFor(
    () => {
      skin.timeline.advance(500)
      expect(isDone).toBe(true)
    },
    { timeout: 10_000, interval: 1 },
  )
  return work
}

function windows({ provider, timeline }: StoppedSkin) {
  const quota = provider.provider.accounts.get('main')?.quota(model)
  return quota?.levels(timeline.now()).map(({ used }) => used)
}

/** Checks that the skin serves on, that nothing of the request is left, and that it was reported once. */
async function expectNothingLeft(skin: StoppedSkin, defects: readonly unknown[], asked: Asked): Promise<void> {
  expect(skin.provider.inFlight).toBe(0)
  expect(windows(skin)).toEqual([0, 0])
  expect(skin.provider.provider.accounts.get('main')!.wallet.spent()).toBe(0)
  expect(defects).toEqual([defect])
  vi.restoreAllMocks()
  expect((await ask(skin, asked)).status).toBe(200)
}

describe.each(Object.keys(stoppedSkins) as (keyof typeof stoppedSkins)[])('over %s', (name) => {
  describe.each(Object.entries(protocols))('%s', (_protocol, asked) => {
    test.each([
      ...Object.entries(ofWholeAnswers).map(([place, make]) => [place, false, make] as const),
      ...Object.entries(ofStreams).map(([place, make]) => [place, true, make] as const),
    ])('%s throws (stream: %s): the answer is the error 500', async (_place, isStream, make) => {
      const { skin, defects } = await skinOf(name)
      try {
        make(skin, asked)
        const { status, text } = await ask(skin, asked, isStream)
        expect(status).toBe(500)
        expect(JSON.parse(text)).toEqual({ ...asked.error, request_id: expect.any(String) })
        expect(skin.provider.journal.entries()).toMatchObject([{ error: 'internal', status: 500, end: 'answered' }])
        await expectNothingLeft(skin, defects, asked)
      } finally {
        await skin.end?.()
      }
    })

    test.each([
      ['the last frame', (_: StoppedSkin) => failing('closing', asked), 'broken'],
      [
        'the charge',
        ({ provider }: StoppedSkin) => vi.spyOn(provider.provider, 'complete').mockImplementation(fail),
        'answered',
      ],
    ] as const)('%s of a stream throws: the stream breaks unless all of it is written', async (_place, make, end) => {
      const { skin, defects } = await skinOf(name)
      try {
        make(skin)
        const { status, text } = await ask(skin, asked, true)
        expect([status, text === 'broken']).toEqual([200, end === 'broken'])
        expect(skin.provider.journal.entries()).toMatchObject([{ error: 'internal', status: 200, end }])
        await expectNothingLeft(skin, defects, asked)
      } finally {
        await skin.end?.()
      }
    })
  })

  test.each([
    ['throws', fail],
    ['gives NaN', () => Number.NaN],
    ['gives half a token', () => 0.5],
    ['gives a text', () => '7'],
    ['rejects', () => Promise.reject(defect)],
  ])('a `tokenCount` that %s: the answer is the error 500', async (_what, tokenCount) => {
    const { skin, defects } = await skinOf(name, { tokenCount: tokenCount as () => number })
    expect((await ask(skin, protocols.chat)).status).toBe(500)
    expect(skin.provider.journal.entries()).toMatchObject([{ error: 'internal', end: 'answered' }])
    expect([skin.provider.inFlight, windows(skin), defects.length]).toEqual([0, [0, 0], 1])
    await skin.end?.()
  })

  test.each([
    ['throws', fail],
    ['rejects', async () => fail()],
  ])(
    'a watcher that %s: the answer is as it would have been, and the other watchers are called',
    async (_what, ended) => {
      const { skin, defects } = await skinOf(name, { ended })
      const seen = vi.fn()
      skin.provider.watch(seen)
      expect((await ask(skin, protocols.chat)).status).toBe(200)
      expect(seen).toHaveBeenCalledOnce()
      await expect.poll(() => defects).toEqual([defect])
      expect(skin.provider.inFlight).toBe(0)
      await skin.end?.()
    },
  )

  test('a listener of defects that throws: the answer is the error 500', async () => {
    const { skin } = await skinOf(name, { tokenCount: fail, onDefect: fail })
    expect((await ask(skin, protocols.chat)).status).toBe(500)
    await skin.end?.()
  })
})
