import { describe, expect, test } from 'vitest'
import { article } from '../../../../../sim/profiles/article.ts'
import { protocolRig } from '../protocol-rig.ts'

const get = (path: string, headers = {}) => protocolRig({ profile: 'article' }).ask({ method: 'GET', path, headers })

describe('the list of models', () => {
  test('has the models of the profile, in OpenAI’s shape', async () => {
    const { status, text, record } = await get('/compatible-mode/v1/models')
    const models = Object.keys(article.models)
    expect(status).toBe(200)
    expect(text).toBe(
      `{"object":"list","data":[${models.map((id) => `{"id":"${id}","object":"model","created":1735689600,"owned_by":"system"}`).join(',')}]}`,
    )
    expect(record).toMatchObject({ protocol: 'compat-models', status: 200, end: 'answered' })
    expect(record.verdict).toBeUndefined()
  })

  test('has each model under its own path', async () => {
    expect((await get('/compatible-mode/v1/models/qwen3-max')).text).toBe(
      '{"id":"qwen3-max","object":"model","created":1735689600,"owned_by":"system"}',
    )
    expect((await get('/compatible-mode/v1/models/qwen3%2Dmax')).status).toBe(200)
  })

  test.each(['nope', '__proto__', 'constructor', 'toString', '%', '%E0%A4%A', 'a/b'])('%s: 404', async (id) => {
    const { status, text } = await get(`/compatible-mode/v1/models/${id}`)
    expect(status).toBe(404)
    expect(JSON.parse(text).error.code).toBe('model_not_found')
  })

  test('needs a key', async () => {
    for (const authorization of ['', 'Bearer sk-other'])
      expect((await get('/compatible-mode/v1/models', { authorization })).status).toBe(401)
  })

  test('accepts GET only', async () => {
    const { status } = await protocolRig().ask({ path: '/compatible-mode/v1/models' })
    expect(status).toBe(405)
  })
})
