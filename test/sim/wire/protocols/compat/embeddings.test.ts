import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { base64Of, embedding } from '../../../../../sim/wire/model/embedding.ts'
import { protocolRig } from '../protocol-rig.ts'

async function embed(fields: object = {}, profile = 'cn-beijing') {
  const body = { model: 'text-embedding-v4', input: 'hello world', ...fields }
  return protocolRig({ profile }).ask({ path: '/compatible-mode/v1/embeddings', body })
}

async function messageOf(fields: object): Promise<string> {
  const { status, text } = await embed(fields)
  expect(status).toBe(400)
  return JSON.parse(text).error.message
}

describe('embeddings', () => {
  test('have the keys of the captures', async () => {
    const { text, headers, record } = await embed({ input: ['a b', 'c'], dimensions: 64 })
    const { data } = JSON.parse(text)
    const vectors = data.map((each: { embedding: number[] }) => JSON.stringify(each.embedding))
    expect(text).toBe(
      `{"data":[{"embedding":${vectors[0]},"index":0,"object":"embedding"},{"embedding":${vectors[1]},"index":1,"object":"embedding"}],"model":"text-embedding-v4","object":"list","usage":{"prompt_tokens":2,"total_tokens":2},"id":"${headers['x-request-id']}"}`,
    )
    expect(record).toMatchObject({ status: 200, promptTokens: 2, outputTokens: 0 })
  })

  test.each([
    ['text-embedding-v4', undefined, 1024],
    ['text-embedding-v4', 2048, 2048],
    ['text-embedding-v3', undefined, 1024],
    ['text-embedding-v3', 512, 512],
  ])('of %s with dimensions %s have length %i', async (model, dimensions, length) => {
    expect(JSON.parse((await embed({ model, dimensions })).text).data[0].embedding).toHaveLength(length)
  })

  test('have the same numbers in base64', async () => {
    const numbers = JSON.parse((await embed()).text).data[0].embedding
    const { data } = JSON.parse((await embed({ encoding_format: 'base64' })).text)
    const bytes = Buffer.from(data[0].embedding, 'base64')
    expect(numbers.map((_: number, i: number) => bytes.readFloatLE(4 * i))).toEqual(numbers)
    expect(bytes).toHaveLength(4 * numbers.length)
  })

  test('are made for at most ten texts, with the service’s message', async () => {
    expect((await embed({ input: Array(10).fill('a') })).status).toBe(200)
    expect(await messageOf({ input: Array(11).fill('a') })).toBe(
      '<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents',
    )
  })

  test.each([[[]], [[1, 2]], [7], [{}], [['a', null]], [true]])('are not made for the input %j', async (input) => {
    expect(await messageOf({ input })).toContain('contents is neither str nor list of str')
  })

  test('are not made with unknown dimensions or encodings', async () => {
    for (const dimensions of [0, 63, 1e9, -1, 'a', 1536.5])
      expect(await messageOf({ dimensions })).toContain('dimension is invalid')
    expect(await messageOf({ model: 'text-embedding-v3', dimensions: 2048 })).toContain('dimension is invalid')
    expect(await messageOf({ encoding_format: 'int8' })).toContain('encoding_format')
  })

  test('are made by embedding models only', async () => {
    const { status, text } = await embed({ model: 'qwen-plus' })
    expect(status).toBe(404)
    expect(JSON.parse(text).error).toMatchObject({
      code: 'model_not_supported',
      message: 'Unsupported model `qwen-plus` for OpenAI compatibility mode.',
    })
    expect((await embed({}, 'intl')).status).toBe(200)
    expect((await embed({}, 'article')).status).toBe(404)
  })

  test('are limited like the requests of any model', async () => {
    const { ask } = protocolRig({ profile: 'cn-beijing', switches: { burstGuard: false } })
    const body = { model: 'text-embedding-v4', input: 'a' }
    const asking = Array.from({ length: 31 }, () => ask({ path: '/compatible-mode/v1/embeddings', body }))
    const statuses = (await Promise.all(asking)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
  })
})

describe('a vector', () => {
  const text = fc.string({ unit: 'grapheme' })

  property.prop([text, fc.constantFrom(64, 1024, 2048)])(
    'has length 1 and no missing number, for any text',
    (of, size) => {
      const vector = embedding(of, size)
      expect(vector).toHaveLength(size)
      expect(vector.every(Number.isFinite)).toBe(true)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
      expect(embedding(of, size)).toEqual(vector)
      expect(Buffer.from(base64Of(vector), 'base64')).toHaveLength(4 * size)
    },
  )

  test('is close to the vectors of texts with the same words', () => {
    const cosine = (a: string, b: string) => {
      const [u, v] = [embedding(a, 1024), embedding(b, 1024)]
      return u.reduce((sum, each, i) => sum + each * v[i]!, 0)
    }
    expect(cosine('the cat sat', 'The CAT sat!')).toBeCloseTo(1, 5)
    expect(cosine('the cat sat on the mat', 'the cat sat on a rug')).toBeGreaterThan(0.5)
    expect(Math.abs(cosine('the cat sat', 'quarterly revenue rose'))).toBeLessThan(0.3)
    expect(cosine('北京天气', '北京')).toBeGreaterThan(0.5)
  })
})

test('a vector depends on the first 6,000 words of a text', () => {
  const words = 'word '.repeat(5999)
  const vectors = [`${words}a`, `${words}b`, `${words}a more`].map((text) => embedding(text, 64).toString())
  expect(vectors[1]).not.toBe(vectors[0])
  expect(vectors[2]).toBe(vectors[0])
})
