import { describe, expect, test } from 'vitest'
import { type Mock, type MockOptions, mock } from '../../../../sim/mock/mock.ts'
import { mockFetch } from '../../../../sim/skins/fetch/virtual-fetch.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Answer, Sink } from '../../../../sim/wire/exchange.ts'
import type { RequestRecord } from '../../../../sim/wire/request-record.ts'

const url = 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions'

function chat(body: object): RequestInit {
  return {
    method: 'POST',
    headers: { authorization: 'Bearer sk-ratelab', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello there' }], ...body }),
  }
}

function rig(options: Partial<MockOptions> = {}) {
  const clock = virtualClock(1_700_000_000_000)
  const records: RequestRecord[] = []
  const provider = mock({ timeline: clock, ended: (record) => records.push(record), ...options })
  return { clock, records, fetch: mockFetch(provider) }
}

/** A mock that gives every request the same answer. */
function answering(answer: Answer) {
  const clock = virtualClock()
  const left: number[] = []
  const provider: Mock = {
    timeline: clock,
    handle: () => ({ answer: Promise.resolve(answer), hangUp: () => left.push(clock.now()) }),
  } as Partial<Mock> as Mock
  return { clock, left, fetch: mockFetch(provider) }
}

const chunked = (start: (sink: Sink) => void): Answer => ({ kind: 'stream', status: 200, headers: {}, start })

describe('an answer', () => {
  test('comes whole, as a Response, after its simulated time', async () => {
    const { clock, fetch, records } = rig()
    const response = await clock.run(fetch(url, chat({})))
    expect(response.status).toBe(200)
    expect(response.url).toBe(url)
    expect(response.headers.get('x-request-id')).toBe(records[0]!.id)
    expect(await response.json()).toMatchObject({ object: 'chat.completion', model: 'qwen-plus' })
    expect(clock.now()).toBeGreaterThan(1_700_000_000_000)
  })

  test('comes piece by piece in simulated time', async () => {
    const { clock, fetch, records } = rig()
    const work = async () => {
      const response = await fetch(url, chat({ stream: true }))
      const pieces: { at: number; text: string }[] = []
      for await (const piece of response.body!) pieces.push({ at: clock.now(), text: Buffer.from(piece).toString() })
      return pieces
    }
    const pieces = await clock.run(work())
    expect(pieces[0]!.at).toBe(records[0]!.firstTokenAt)
    expect(pieces.at(-1)!.at).toBe(records[0]!.endedAt)
    expect(new Set(pieces.map(({ at }) => at)).size).toBeGreaterThan(10)
    expect(pieces.at(-1)!.text).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('is the same for a Request, a URL and a text, with any origin', async () => {
    const { clock, fetch, records } = rig()
    const there = 'http://anywhere.test/compatible-mode/v1/chat/completions?x=1'
    await clock.run(
      Promise.all([fetch(new Request(there, chat({}))), fetch(new URL(there), chat({})), fetch(there, chat({}))]),
    )
    expect(records.map(({ status, path }) => [status, path])).toEqual(
      Array(3).fill([200, '/compatible-mode/v1/chat/completions']),
    )
  })

  test('to a body that is not UTF-8 is the error of a body that is not JSON', async () => {
    const { clock, fetch } = rig()
    const bytes = Buffer.concat([Buffer.from('{"model":"qwen-plus'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    const response = await clock.run(fetch(url, { ...chat({}), body: bytes }))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})

describe('an abort', () => {
  test('before the request rejects with the reason, and sends nothing', async () => {
    const { clock, fetch, records } = rig()
    const signal = AbortSignal.abort('why')
    await expect(clock.run(fetch(url, { ...chat({}), signal }))).rejects.toBe('why')
    await expect(clock.run(fetch(new Request(url, { ...chat({}), signal })))).rejects.toBe('why')
    expect(records).toEqual([])
  })

  test('before the answer rejects with the reason and ends the request', async () => {
    const { clock, fetch, records } = rig()
    const controller = new AbortController()
    clock.after(5, () => {
      clock.woke()
      controller.abort()
    })
    await expect(clock.run(fetch(url, { ...chat({}), signal: controller.signal }))).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    )
    expect(records).toMatchObject([{ end: 'left', endedAt: 1_700_000_000_005 }])
  })

  test('during a stream breaks the body with the reason and ends the request', async () => {
    const { clock, fetch, records } = rig()
    const controller = new AbortController()
    const work = async () => {
      const response = await fetch(url, { ...chat({ stream: true }), signal: controller.signal })
      for await (const _ of response.body!) controller.abort('enough')
    }
    await expect(clock.run(work())).rejects.toBe('enough')
    expect(records).toMatchObject([{ end: 'left' }])
  })

  test('after the answer changes nothing', async () => {
    const { clock, fetch, records } = rig()
    const controller = new AbortController()
    const response = await clock.run(fetch(url, { ...chat({}), signal: controller.signal }))
    controller.abort()
    expect(await response.json()).toMatchObject({ object: 'chat.completion' })
    expect(records).toMatchObject([{ end: 'answered' }])
  })
})

test('a reader that cancels the body ends the request', async () => {
  const { clock, fetch, records } = rig()
  const work = async () => {
    const response = await fetch(url, chat({ stream: true }))
    for await (const _ of response.body!) break
  }
  await clock.run(work())
  expect(records).toMatchObject([{ end: 'left' }])
})

describe('a connection that breaks', () => {
  test('before the answer is a TypeError with a cause, as on the platform', async () => {
    const { clock, fetch } = answering({ kind: 'hang-up' })
    const error = await clock.run(fetch(url, chat({})).catch((each: unknown) => each))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } })
  })

  test('within a whole body lets the client read the beginning', async () => {
    const { clock, fetch } = answering({ kind: 'whole', status: 200, headers: {}, body: 'whole', brokenAfter: 2 })
    const response = await clock.run(fetch(url, chat({})))
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('wh')
    await expect(reader.read()).rejects.toThrow('terminated')
  })

  test('during a stream lets the client read the beginning', async () => {
    const { clock, fetch, left } = answering(
      chunked((sink) => {
        sink.write('a')
        clock.after(3, () => sink.break())
      }),
    )
    const response = await clock.run(fetch(url, chat({})))
    await expect(clock.run(response.text())).rejects.toThrow('terminated')
    expect(clock.now()).toBe(3)
    expect(left).toEqual([])
  })
})

test('a body can be read into the reader’s own buffer', async () => {
  const { clock, fetch } = answering(
    chunked((sink) => {
      clock.after(1, () => sink.write('abc'))
      clock.after(2, () => sink.end())
    }),
  )
  const response = await clock.run(fetch(url, chat({})))
  const reader = response.body!.getReader({ mode: 'byob' })
  const first = await clock.run(reader.read(new Uint8Array(8)))
  expect(Buffer.from(first.value!).toString()).toBe('abc')
  expect(await clock.run(reader.read(new Uint8Array(8)))).toMatchObject({ done: true })
})
