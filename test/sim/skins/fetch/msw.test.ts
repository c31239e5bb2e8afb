import { getResponse } from 'msw'
import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { type HandlersOptions, handlers } from '../../../../sim/skins/fetch/msw.ts'
import { borrowTime } from '../../../../sim/time/ambient-time.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'

let end = () => {}
afterEach(() => {
  end()
  end = () => {}
})

function rig(options: HandlersOptions = {}) {
  const clock = virtualClock(1_800_000_000_000)
  const release = borrowTime(clock)
  const dashscope = handlers({ clock, ...options })
  const server = setupServer(...dashscope)
  server.listen({ onUnhandledFrame: 'error' })
  end = () => {
    server.close()
    release()
  }
  return { clock, mock: dashscope.mock }
}

const intl = 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1'
const client = (baseURL: string) => new OpenAI({ apiKey: 'sk-ratelab', baseURL, maxRetries: 0 })
const hello = { model: 'qwen-plus', messages: [{ role: 'user' as const, content: 'Hello there' }] }

describe('msw handlers', () => {
  test('reply at the addresses of the profile’s region and at the given ones', async () => {
    const { clock, mock } = rig({ baseUrls: ['http://localhost:8000/compatible-mode/v1'] })
    const us = 'https://dashscope-us.aliyuncs.com/compatible-mode/v1'
    for (const baseURL of [intl, us, 'http://localhost:8000/compatible-mode/v1']) {
      const { choices } = await clock.run(client(baseURL).chat.completions.create(hello))
      expect(choices[0]!.message.content).not.toBe('')
    }
    expect(mock.journal.entries().map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('do not handle requests to another region', async () => {
    const clock = virtualClock()
    const beijing = handlers({ clock, profile: 'cn-beijing' })
    const asked = (host: string) => getResponse([...beijing], new Request(`https://${host}/compatible-mode/v1/models`))
    expect(await asked('dashscope.aliyuncs.com')).toBeInstanceOf(Response)
    expect(await asked('dashscope-intl.aliyuncs.com')).toBeUndefined()
  })

  test('stream in simulated time', async () => {
    const { clock, mock } = rig()
    const work = async () => {
      const stream = await client(intl).chat.completions.create({ ...hello, stream: true })
      const heard: number[] = []
      for await (const _ of stream) heard.push(clock.now())
      return heard
    }
    const heard = await clock.run(work())
    const [record] = mock.journal.entries()
    expect(heard[0]).toBe(record!.firstTokenAt)
    expect(heard.at(-1)).toBe(record!.endedAt)
  })

  test('end the request of a client that hangs up, before the answer and during a stream', async () => {
    const { clock, mock } = rig()
    const openai = client(intl)
    const whole = openai.chat.completions.create(hello, { timeout: 7 })
    await expect(clock.run(whole)).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError)
    const work = async () => {
      const stream = await openai.chat.completions.create({ ...hello, stream: true })
      for await (const _ of stream) break
    }
    await clock.run(work())
    expect(mock.inFlight).toBe(0)
    expect(mock.journal.entries().map(({ end }) => end)).toEqual(['left', 'left'])
  })

  test.each([false, true])(
    'break a body in the middle so that the client sees an error (stream: %s)',
    async (stream) => {
      const { clock } = rig({ faults: [{ when: 'always', do: { break: 'mid-body' } }] })
      const body = JSON.stringify({ ...hello, stream })
      const answered = fetch(`${intl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-ratelab' },
        body,
      })
      await expect(clock.run(answered.then((response) => response.text()))).rejects.toThrow('terminated')
    },
  )

  test('break the connection as a network error', async () => {
    const { clock } = rig({ faults: [{ when: 'always', do: { break: 'before' } }] })
    await expect(clock.run(client(intl).chat.completions.create(hello))).rejects.toBeInstanceOf(
      OpenAI.APIConnectionError,
    )
  })

  test.each(['dashscope.aliyuncs.com', 'data:text/plain,x', ''])('do not accept %j as an address', (baseUrl) => {
    expect(() => handlers({ clock: virtualClock(), baseUrls: [baseUrl] })).toThrow(
      `Expected each of \`baseUrls\` to be an address like https://…, got ${JSON.stringify(baseUrl)}`,
    )
  })
})
