import { expect, test } from 'vitest'
import { chunksOf, framesOf, protocolRig } from '../protocol-rig.ts'

async function complete(fields: object = {}) {
  const body = { model: 'qwen-plus', prompt: 'Once upon', ...fields }
  return protocolRig().ask({ path: '/compatible-mode/v1/completions', body })
}

test('a completion', async () => {
  const { text, headers, record } = await complete()
  expect(text).toBe(
    '{"choices":[{"text":"ANSWER","finish_reason":"stop","index":0,"logprobs":null}],"object":"text_completion","usage":{"prompt_tokens":3,"completion_tokens":6,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0}},"created":1735120033,"system_fingerprint":null,"model":"qwen-plus","id":"cmpl-ID"}'
      .replace('ANSWER', JSON.parse(text).choices[0].text)
      .replace('ID', headers['x-request-id']!),
  )
  expect(record).toMatchObject({ protocol: 'compat-completions', status: 200 })
})

test('a streamed completion adds up, and ends with its usage and [DONE]', async () => {
  const { text } = await complete({ stream: true, n: 2, stream_options: { include_usage: true } })
  const { choices, usage } = JSON.parse((await complete({ n: 2 })).text)
  const chunks = chunksOf(text)
  for (const { index, text: whole } of choices) {
    const own = chunks.flatMap(({ choices }) => choices).filter((choice) => choice.index === index)
    expect(own.map(({ text }) => text).join('')).toBe(whole)
    expect(own.at(-1).finish_reason).toBe('stop')
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage })
  expect(framesOf(text).at(-1)).toBe('data: [DONE]')
})

test('the prompt may be a text or a list of one text, and nothing else', async () => {
  expect((await complete({ prompt: ['Once upon'] })).text.length).toBe((await complete()).text.length)
  for (const prompt of ['', null, 7, ['a', 'b'], [[1]], {}]) {
    const { status, text } = await complete({ prompt })
    expect(status).toBe(400)
    expect(JSON.parse(text).error.message).toContain('Required parameter(prompt) missing or invalid')
  }
})

test('a completion ends before a stop word', async () => {
  const said = JSON.parse((await complete()).text).choices[0].text as string
  const stop = said.split(' ')[2]!
  const { choices } = JSON.parse((await complete({ stop })).text)
  expect(choices[0]).toMatchObject({ text: said.slice(0, said.indexOf(stop)), finish_reason: 'stop' })
})
