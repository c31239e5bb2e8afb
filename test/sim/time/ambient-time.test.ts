import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { type MockOptions, mock } from '../../../sim/mock/mock.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { borrowTime } from '../../../sim/time/ambient-time.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { RequestRecord } from '../../../sim/wire/request-record.ts'

const today = 1_800_000_000_000
let release = () => {}
afterEach(() => release())

function borrowed(): VirtualClock {
  const clock = virtualClock(today)
  release = borrowTime(clock)
  return clock
}

describe('borrowed time', () => {
  test('is that of the timeline until it is released', async () => {
    const { setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate } = globalThis
    const { now } = performance
    const clock = borrowed()
    const start = performance.now()
    await clock.run(clock.sleep(1500))
    expect(globalThis.Date.now()).toBe(today + 1500)
    expect(new globalThis.Date().getTime()).toBe(today + 1500)
    expect(new globalThis.Date(5).getTime()).toBe(5)
    expect(globalThis.Date()).toBe(String(new RealDate(today + 1500)))
    expect(new globalThis.Date()).toBeInstanceOf(RealDate)
    expect(new RealDate(3)).toBeInstanceOf(globalThis.Date)
    expect(globalThis.Date.parse('2026-01-01')).toBe(RealDate.parse('2026-01-01'))
    expect(performance.now() - start).toBeCloseTo(1500, 3)
    release()
    release()
    expect(globalThis).toMatchObject({ setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate })
    expect(performance.now).toBe(now)
  })

  test('fires timers in the order of the timeline, with their arguments', async () => {
    const clock = borrowed()
    const rung: unknown[] = []
    const note = (...what: unknown[]) => rung.push([clock.now() - today, ...what])
    setTimeout(note, 20, 'late')
    setTimeout(note, 10, 'early', 1)
    setTimeout(note, 10, 'as early')
    setTimeout(note)
    setTimeout(note, Number.NaN, 'no number')
    setTimeout(note, 2 ** 31, 'too long')
    setTimeout(note, 2.5, 'a fraction')
    await clock.run(clock.sleep(100))
    expect(rung).toEqual([
      [1],
      [1, 'no number'],
      [1, 'too long'],
      [3, 'a fraction'],
      [10, 'early', 1],
      [10, 'as early'],
      [20, 'late'],
    ])
  })

  test('fires an interval repeatedly, also after it is refreshed, until it is cleared', async () => {
    const clock = borrowed()
    const rung: number[] = []
    const interval = setInterval(() => rung.push(clock.now() - today), 10)
    expect(interval.ref().unref().hasRef()).toBe(false)
    setTimeout(() => interval.refresh(), 25)
    setTimeout(() => clearInterval(interval), 50)
    const never = setTimeout(() => rung.push(Number.NaN), 5)
    clearTimeout(never)
    clearTimeout(undefined)
    await clock.run(clock.sleep(100))
    expect(rung).toEqual([10, 20, 35, 45])
  })

  test('clears its timers when it is released, and does not touch older ones', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const real = setTimeout(() => {}, 1e6)
    const clock = borrowed()
    let hasRung = false
    setTimeout(() => {
      hasRung = true
    }, 5)
    clearTimeout(real)
    expect(timers()).toBe(before)
    release()
    await clock.run(clock.sleep(10))
    expect(hasRung).toBe(false)
  })

  test('can be borrowed by one borrower at a time', () => {
    const clock = borrowed()
    expect(() => borrowTime(clock)).toThrow('Expected nobody else to have borrowed the ambient time')
    release()
    borrowTime(clock)()
  })
})

describe('the openai SDK in virtual time', () => {
  function client(options: Partial<MockOptions> = {}) {
    const clock = borrowed()
    const records: RequestRecord[] = []
    const fetch = mockFetch(mock({ timeline: clock, ended: (record) => records.push(record), ...options }))
    const openai = new OpenAI({ fetch, apiKey: 'sk-ratelab', baseURL: 'http://mock.test/compatible-mode/v1' })
    return { clock, records, openai }
  }

  const model = 'qwen-plus'
  const messages = [{ role: 'user' as const, content: 'Hello there' }]

  test('makes three attempts at a token throttle, within 1.5 simulated seconds', async () => {
    const { clock, records, openai } = client()
    // Each call has 60,000 prompt tokens, and the limit is 100,000.
    const content = 'word'.repeat(60_000)
    const ask = () =>
      openai.chat.completions.create({ model: 'qwen3-max-2025-09-23', messages: [{ role: 'user', content }] })
    await clock.run(ask())
    const before = clock.now()
    const error = await clock.run(ask().catch((each: unknown) => each))
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(records.map(({ status }) => status)).toEqual([200, 429, 429, 429])
    const took = clock.now() - before
    // The waits are 0.5 s and 1 s, each reduced by up to a quarter.
    expect(took).toBeGreaterThanOrEqual(1125)
    expect(took).toBeLessThanOrEqual(1500)
  })

  test('reads a stream at the instants at which it is written', async () => {
    const { clock, records, openai } = client()
    const work = async () => {
      const stream = await openai.chat.completions.create({ model, messages, stream: true })
      const heard: number[] = []
      for await (const chunk of stream) {
        expect(chunk.object).toBe('chat.completion.chunk')
        heard.push(clock.now())
      }
      return heard
    }
    const heard = await clock.run(work())
    expect(heard[0]).toBe(records[0]!.firstTokenAt)
    expect(heard.at(-1)).toBe(records[0]!.endedAt)
    expect(new Set(heard).size).toBeGreaterThan(10)
  })

  test('gives up at its own time-out, and ends the request', async () => {
    const { clock, records, openai } = client()
    const ask = openai.chat.completions.create({ model, messages }, { timeout: 7, maxRetries: 0 })
    await expect(clock.run(ask)).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError)
    expect(records).toMatchObject([{ end: 'left', endedAt: today + 7 }])
  })
})

test('the AI SDK waits two and four simulated seconds between its attempts', async () => {
  const clock = borrowed()
  const arrivals: number[] = []
  const provider = mock({ timeline: clock, ended: ({ arrivedAt }) => arrivals.push(arrivedAt - today) })
  const baseURL = 'http://mock.test/compatible-mode/v1'
  const ai = createOpenAICompatible({ name: 'mock', baseURL, apiKey: 'sk-ratelab', fetch: mockFetch(provider) })
  const ask = () => generateText({ model: ai('qwen3-max-2025-09-23'), prompt: 'word'.repeat(60_000) })
  await clock.run(ask())
  const second = clock.now() - today
  await expect(clock.run(ask())).rejects.toThrow('Failed after 3 attempts')
  expect(arrivals).toEqual([0, second, second + 2000, second + 6000])
})
