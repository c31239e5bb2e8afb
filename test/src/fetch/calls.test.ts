import { describe, expect, test, vi } from 'vitest'
import type { VirtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Reply, Send } from '../../../src/core/call.ts'
import { type Strategy, stack } from '../../../src/core/strategy.ts'
import type { AttemptEvent, CallEvent } from '../../../src/fetch/events.ts'
import { toFetch } from '../../../src/fetch.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { chat, chatUrl, key, mockedFetch, scripted } from './rig.ts'

const answer = () => Response.json({ model: 'm', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } })
const throttle = () => Response.json({ error: { code: 'limit_requests', message: 'slow down' } }, { status: 429 })
const unlimited = { name: 'unlimited', wrap: (next: Send) => next }

/** A strategy of one function. */
const made = (send: (next: Send) => Send): Strategy => ({ name: 'made', wrap: send })

const streamed = { stream: true }
/** `m` has a request each second. */
const slow = { limits: { m: [{ rule: 'rps' as const, limit: 1, window: 1000 }] } }

/** Aborts a call after so many milliseconds, and returns what it rejects with. */
async function aborted(clock: VirtualClock, call: (signal: AbortSignal) => Promise<unknown>, after: number) {
  const controller = new AbortController()
  const reason = new Error('enough')
  const outcome = call(controller.signal).then(
    () => 'resolved',
    (error) => error === reason,
  )
  await clock.sleep(after)
  controller.abort(reason)
  return outcome
}

describe('an abort', () => {
  test('before the call, and nothing is sent', async () => {
    const { fetch, requests } = scripted(answer)
    const reason = new Error('enough')
    const through = toFetch(unlimited, { fetch })
    await expect(through(chatUrl, { ...chat(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await expect(through(new Request(chatUrl, { ...chat(), signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
    expect(requests).toEqual([])
  })

  test.each([
    ['a wait for a turn', stack(pace({ perSecond: 0.1 }))],
    ['a backoff', retry({ base: 10_000, jitter: 'none' })],
    ['a wait of a strategy that ignores signals', made((next) => (call) => new Promise(() => next(call)))],
  ])('ends %s at once', async (_what, strategy) => {
    const { clock, fetch, mock } = mockedFetch(strategy, slow)
    const work = async () => {
      const first = fetch(chatUrl, { ...chat(), signal: AbortSignal.timeout(1e6) })
      first.catch(() => {})
      const isReason = await aborted(clock, (signal) => fetch(chatUrl, { ...chat(), signal }), 700)
      expect(clock.now()).toBe(1_700_000_000_700)
      return isReason
    }
    expect(await clock.run(work())).toBe(true)
    const before = mock.journal.entries().length
    await clock.run(clock.sleep(60_000))
    expect(mock.journal.entries().length).toBe(before)
  })

  test('of the signal of a Request does so, too', async () => {
    const { clock, fetch } = mockedFetch(pace({ perSecond: 0.1 }))
    const call = (signal: AbortSignal) =>
      Promise.all([0, 1].map(() => fetch(new Request(chatUrl, { ...chat(), signal }))))
    expect(await clock.run(aborted(clock, call, 700))).toBe(true)
  })

  test.each([
    ['before the reply', {}],
    ['before the first frame', streamed],
  ])('%s hangs up', async (_what, fields) => {
    const { clock, fetch, mock } = mockedFetch(unlimited, { switches: { firstToken: 500 } })
    expect(await clock.run(aborted(clock, (signal) => fetch(chatUrl, { ...chat(fields), signal }), 200))).toBe(true)
    expect(mock.inFlight).toBe(0)
    await clock.run(clock.sleep(0))
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
  })

  test('that a `fetch` does not notice cancels the stream that comes after it', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const cancelled = vi.fn()
    const fetch = async () => {
      controller.abort(reason)
      const body = new ReadableStream({
        start: (own) => own.enqueue(new TextEncoder().encode('data: {}\n\n')),
        cancel: cancelled,
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    const call = toFetch(unlimited, { fetch })(chatUrl, { ...chat(streamed), signal: controller.signal })
    await expect(call).rejects.toBe(reason)
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalled())
  })

  test('in a stream breaks it, and its strategy hears of it', async () => {
    const calls: CallEvent[] = []
    const options = { onCall: (event: CallEvent) => calls.push(event) }
    const { clock, fetch, mock } = mockedFetch(unlimited, { switches: { firstToken: 100 } }, options)
    const read = async (signal: AbortSignal) => (await fetch(chatUrl, { ...chat(streamed), signal })).text()
    expect(await clock.run(aborted(clock, read, 105))).toBe(true)
    expect(mock.inFlight).toBe(0)
    await clock.run(clock.sleep(0))
    expect(calls).toMatchObject([{ attempts: 1, error: 'enough' }])
  })
})

describe('a transport fault', () => {
  test('is thrown as it is', async () => {
    const fault = new TypeError('fetch failed')
    const fetch = () => Promise.reject(fault)
    await expect(toFetch(retry(), { fetch })(chatUrl, chat())).rejects.toBe(fault)
  })
})

describe('attempts at the same time', () => {
  /** Sends two attempts, the second after `delay`, and returns the reply that comes first. */
  const hedge = (delay: number) =>
    ({
      name: 'hedge',
      wrap:
        (next: Send, { clock }) =>
        (call) =>
          Promise.race([next(call), clock.sleep(delay).then(() => next(call))]),
    }) satisfies Strategy

  test('of which the first has a frame: the caller keeps its stream, and the other is not sent', async () => {
    const { clock, fetch, mock } = mockedFetch(hedge(105), { switches: { firstToken: 100 } })
    const text = await clock.run(fetch(chatUrl, chat(streamed)).then((response) => response.text()))
    expect(text).toMatch(/\[DONE\]\n\n$/)
    expect(mock.journal.entries()).toHaveLength(1)
  })

  test('that are both under way: the slower one is cancelled', async () => {
    const { clock, fetch, mock } = mockedFetch(hedge(50), { switches: { firstToken: 100 } })
    const work = async () => {
      const response = await fetch(chatUrl, chat(streamed))
      await clock.sleep(0)
      expect(mock.inFlight).toBe(1)
      return response.text()
    }
    expect(await clock.run(work())).toMatch(/\[DONE\]\n\n$/)
    const whole = await clock.run(fetch(chatUrl, chat()).then((response) => response.json()))
    expect(whole).toMatchObject({ model: 'm' })
    await clock.run(clock.sleep(0))
    expect(mock.inFlight).toBe(0)
  })
})

describe('what the strategy answers by itself', () => {
  test('a call whose patience ended is a 429 that says so', async () => {
    const { clock, fetch, mock } = mockedFetch(pace({ perSecond: 1 }), {}, { patience: 500 })
    const [first, second] = await clock.run(Promise.all([fetch(chatUrl, chat()), fetch(chatUrl, chat())]))
    expect(first!.status).toBe(200)
    expect(second!.status).toBe(429)
    expect(second!.headers.get('x-should-retry')).toBe('false')
    const message =
      'The call was not sent, because its `patience` ended while it waited in the strategy pace(1/s) (a message of ratelab).'
    expect(await second!.json()).toEqual({ error: { message, type: 'ratelab', param: null, code: 'DEADLINE' } })
    expect(mock.journal.entries()).toHaveLength(1)
  })

  test.each<[Reply, number, string]>([
    [{ kind: 'throttled', body: undefined }, 429, 'THROTTLED'],
    [{ kind: 'failed', status: 503, code: 'OPEN', retryable: false, body: undefined }, 503, 'OPEN'],
    [{ kind: 'failed', status: 0, code: 'OPEN', retryable: false, body: {} }, 429, 'OPEN'],
  ])('%j has the status %i', async (reply, status, code) => {
    const response = await toFetch(made(() => async () => reply))(chatUrl, chat())
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code, type: 'ratelab' } })
  })

  test.each([undefined, {}, { kind: 'ok', usage: {}, model: 'm', body: answer() }])('%j is refused', async (reply) => {
    const through = toFetch(made(() => async () => reply as Reply))
    await expect(through(chatUrl, chat())).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('Expected the strategy made to return the reply to an attempt at the call'),
    })
  })

  test('the response to another call is refused', async () => {
    const { fetch } = scripted(answer)
    let first: Promise<Reply> | undefined
    const sharing = made((next) => (call) => {
      first ??= next(call)
      return first
    })
    const through = toFetch(sharing, { fetch })
    expect((await through(chatUrl, chat())).status).toBe(200)
    await expect(through(chatUrl, chat())).rejects.toThrow('got an object')
  })

  test('an earlier reply than the last may be the one', async () => {
    const firstOf = made((next) => async (call) => {
      const reply = await next(call)
      await next(call)
      return { ...reply }
    })
    const response = await toFetch(firstOf, { fetch: scripted(throttle, answer).fetch })(chatUrl, chat())
    expect(await response.json()).toMatchObject({ error: { message: 'slow down' } })
  })
})

describe('listeners', () => {
  test('that throw or reject change nothing', async () => {
    const fail = () => {
      throw new Error('a fault of the log')
    }
    const options = { onAttempt: fail, onWait: async () => fail(), onCall: fail, fetch: scripted(answer).fetch }
    expect((await toFetch(unlimited, options)(chatUrl, chat())).status).toBe(200)
  })

  test('are told no key, whatever has one', async () => {
    const told: unknown[] = []
    const fetch = () => Promise.reject(new Error(`no route for ${key} or another-secret`))
    const options = {
      fetch,
      onAttempt: (event: AttemptEvent) => told.push(event),
      onCall: (event: CallEvent) => told.push(event),
    }
    const init = chat({}, { authorization: 'Bearer another-secret' })
    await expect(
      toFetch(unlimited, options)('https://a.example/k/sk-pass-word-0123/v1/chat/completions', init),
    ).rejects.toThrow()
    expect(told).toHaveLength(2)
    expect(JSON.stringify(told)).not.toMatch(/another-secret|pass-word|567890abc/)
  })
})

describe('inspect', () => {
  test('shows the calls and what each part of the strategy shows', async () => {
    const counting = (name: string): Strategy => ({
      name,
      wrap: (next, { expose }) => {
        let sent = 0
        expose?.('count', () => ({ sent }))
        return (call) => {
          sent++
          return next(call)
        }
      },
    })
    const { clock, fetch } = mockedFetch(stack(counting('a'), pace({ perSecond: 1 }), counting('b')))
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
    const calls = Promise.all([0, 1, 2].map(() => fetch(chatUrl, chat())))
    await clock.run(clock.sleep(1))
    expect(fetch.inspect()).toEqual({
      strategy: 'a + pace(1/s) + b',
      waiting: 2,
      inFlight: 1,
      parts: { count: { sent: 1 }, 'count 2': { sent: 3 }, line: { waiting: 2, serviceTime: 0 } },
    })
    await clock.run(calls)
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
  })
})

test.each([
  [undefined, {}, 'Expected `strategy` to be a strategy, such as retry(), got undefined'],
  [{ name: 'x' }, {}, 'Expected `strategy` to be a strategy, such as retry(), got an object'],
  [retry(), { patience: 0 }, 'Expected `patience` to be > 0, got 0'],
  [retry(), { patience: Number.NaN }, 'Expected `patience` to be a finite number > 0, got NaN'],
  [retry(), { maxTokens: 1.5 }, 'Expected `maxTokens` to be a whole number >= 1, got 1.5'],
])('toFetch(%j, %j) is refused', (strategy, options, message) => {
  expect(() => toFetch(strategy as Strategy, options)).toThrow(message)
})
