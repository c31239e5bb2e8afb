import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { spelledLimits, tightest } from '../../../../../sim/wire/protocols/limits/spelling.ts'
import type { Limit } from '../../../../../src/core/limit.ts'
import { chatPath, type Parsed, protocolRig, type Question } from '../protocol-rig.ts'

const path = '/api/v1/models/limits'
const accounts = [
  { name: 'main', keys: ['sk-ratelab'], workspaces: [{ name: 'llm-team', keys: ['sk-team'], limits: {} }] },
]
const team = { authorization: 'Bearer sk-team' }

function desk(profile = 'cn-beijing') {
  const rig = protocolRig({ profile, accounts })
  const list = async (query = '', headers: Question['headers'] = team) => {
    const { text } = await rig.ask({ method: 'GET', path, query, headers: headers ?? {} })
    return JSON.parse(text)
  }
  const change = (...models: readonly object[]) => rig.ask({ path, headers: team, body: { models } })
  const workspaceLimit = async (model: string) => (await list(`model=${model}`)).output.quotas[0].workspace_limit
  return { ...rig, list, change, workspaceLimit }
}

describe('reading limits', () => {
  test('has the bytes of the documentation', async () => {
    const { text, headers, record } = await desk().ask({
      method: 'GET',
      path,
      query: 'model=qwen3-max&page_size=10',
      headers: team,
    })
    expect(text).toBe(
      `{"code":null,"message":null,"success":true,"output":{"total":1,"page_no":1,"page_size":10,"quotas":[{"model":"qwen3-max","workspace_id":"llm-team","model_limit":{"request_limit":500,"request_limit_period":1,"usage_limit":500000,"usage_limit_field":"total_tokens","usage_limit_period":6,"async_user_queue_limit":null,"async_user_concurrency_limit":null},"workspace_limit":null}]},"request_id":"${headers['x-request-id']}"}`,
    )
    expect(record).toMatchObject({ protocol: 'limits', status: 200, end: 'answered' })
  })

  test('gives the tighter one of a minute limit and a second limit', async () => {
    const { output } = await desk('intl').list('model=qwen3-max')
    expect(output.quotas[0].model_limit).toMatchObject({
      request_limit: 10,
      request_limit_period: 1,
      usage_limit: 1_000_000,
      usage_limit_period: 60,
    })
  })

  test('gives pages that have every limit once', async () => {
    const { list } = desk()
    const { output } = await list()
    expect(output).toMatchObject({ page_no: 1, page_size: 20, total: output.quotas.length })
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(`page_no=${page}&page_size=6`)))
    expect(pages.flatMap((page) => page.output.quotas)).toEqual(output.quotas)
    expect(pages.at(-1).output).toMatchObject({ quotas: [], total: output.total, page_no: 4, page_size: 6 })
  })

  test('finds models by a part of the name, or by the whole name', async () => {
    const { list } = desk()
    const modelsOf = async (query: string) => (await list(query)).output.quotas.map(({ model }: Parsed) => model)
    expect(await modelsOf('name=EMBEDD')).toEqual(['text-embedding-v4', 'text-embedding-v3'])
    expect(await modelsOf('model=qwen-plus')).toEqual(['qwen-plus'])
    expect(await modelsOf('model=qwen-plus&name=max')).toEqual([])
    expect(await modelsOf('model=__proto__')).toEqual([])
  })

  test('works at its other path, too, and for the account’s default workspace', async () => {
    const { ask } = desk('intl')
    const { text } = await ask({ method: 'GET', path: '/api/v1/quotas', query: 'model=qwen-plus' })
    expect(JSON.parse(text).output.quotas[0].workspace_id).toBe('llm-main')
    expect((await ask({ path: '/api/v1/quotas', body: {} })).status).toBe(405)
  })

  test.each(['page_no=0', 'page_no=-1', 'page_no=a', 'page_no=', 'page_size=201', 'page_size=1e2', 'page_no=1.5'])(
    'does not accept %s',
    async (query) => {
      const { status, text } = await desk().ask({ method: 'GET', path, query })
      expect(status).toBe(400)
      expect(Object.keys(JSON.parse(text))).toEqual(['code', 'message', 'request_id'])
    },
  )
})

describe('changing a workspace’s limits', () => {
  test('changes only the named limits', async () => {
    const { change, workspaceLimit } = desk()
    const { text, headers } = await change({ model: 'qwen-plus', request_limit: 60 })
    expect(text).toBe(
      `{"code":null,"message":null,"success":true,"output":null,"request_id":"${headers['x-request-id']}"}`,
    )
    expect(await workspaceLimit('qwen-plus')).toMatchObject({
      request_limit: 60,
      request_limit_period: 60,
      usage_limit: null,
      usage_limit_field: null,
      usage_limit_period: null,
    })
    await change({ model: 'qwen-plus', operation_type: 'OVERLAY', usage_limit: 1000, usage_limit_period: 10 })
    await change({ model: 'qwen-plus', request_limit_period: 30 })
    expect(await workspaceLimit('qwen-plus')).toMatchObject({
      request_limit: 60,
      request_limit_period: 30,
      usage_limit: 1000,
      usage_limit_field: 'total_tokens',
      usage_limit_period: 10,
    })
  })

  test('deletes all limits of a model', async () => {
    const { change, workspaceLimit } = desk()
    await change({ model: 'qwen-plus', request_limit: 60, usage_limit: 1000 })
    expect((await change({ model: 'qwen-plus', operation_type: 'DELETE' })).status).toBe(200)
    expect(await workspaceLimit('qwen-plus')).toBeNull()
  })

  test('needs a request limit with a token limit, with the service’s message', async () => {
    const { change, workspaceLimit } = desk()
    const { status, text } = await change(
      { model: 'qwen-max', request_limit: 5 },
      { model: 'qwen-plus', usage_limit: 1000 },
    )
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({
      code: 'InvalidParameter',
      message: 'Cannot set TPM without QPM for model qwen-plus: no existing QPM limit, please set QPM first',
    })
    expect(await workspaceLimit('qwen-max')).toBeNull()
  })

  test('may name a model twice in one request', async () => {
    const { change, workspaceLimit } = desk()
    const steps = [{ request_limit: 9 }, { operation_type: 'DELETE' }, { request_limit: 6 }, { usage_limit: 70 }]
    expect((await change(...steps.map((step) => ({ model: 'qwen-plus', ...step })))).status).toBe(200)
    expect(await workspaceLimit('qwen-plus')).toMatchObject({ request_limit: 6, usage_limit: 70 })
  })

  test('takes effect at once for the workspace’s keys, and not for the account’s other keys', async () => {
    const { change, ask } = desk()
    await change({ model: 'qwen-plus', request_limit: 1 })
    const body = { model: 'qwen-plus', messages: [{ role: 'user', content: 'a' }] }
    const statusOf = async (headers = {}) => (await ask({ path: chatPath, headers, body })).status
    expect([await statusOf(team), await statusOf(team), await statusOf()]).toEqual([200, 429, 200])
    await change({ model: 'qwen-plus', operation_type: 'DELETE' })
    expect(await statusOf(team)).toBe(200)
  })

  test('is possible only with a key of a workspace', async () => {
    const { status, text } = await desk().ask({ path, body: { models: [{ model: 'qwen-plus', request_limit: 1 }] } })
    expect(status).toBe(403)
    expect(JSON.parse(text).code).toBe('Workspace.AccessDenied')
  })

  test.each([
    [{}],
    [{ models: [] }],
    [{ models: {} }],
    [{ models: [7] }],
    [{ models: Array(201).fill({ model: 'qwen-plus', request_limit: 1 }) }],
    [{ models: [{ request_limit: 1 }] }],
    [{ models: [{ model: '__proto__', request_limit: 1 }] }],
    [{ models: [{ model: 'qwen-plus' }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 0 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: -1 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: '60' }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 1.5 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit_period: 60 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 1, request_limit_period: 1e9 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 501, request_limit_period: 1 }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 1, operation_type: 'DELETE' }] }],
    [{ models: [{ model: 'qwen-plus', request_limit: 1, operation_type: 'constructor' }] }],
  ])('does not accept %j', async (body) => {
    const { status, text } = await desk().ask({ path, headers: team, body })
    expect(status).toBe(400)
    expect(JSON.parse(text).code).toBe('InvalidParameter')
  })
})

describe('the limit that is published', () => {
  const limit = fc.record<Limit>({
    rule: fc.constantFrom('rps', 'rpm', 'tps', 'tpm'),
    limit: fc.integer({ min: 1, max: 1_000_000 }),
    window: fc.integer({ min: 1, max: 3600 }).map((seconds) => seconds * 1000),
  })

  property.prop([fc.array(limit, { maxLength: 6 })])(
    'is one of those in force, and no limit of its unit is tighter',
    (all) => {
      for (const unit of ['requests', 'tokens'] as const) {
        const own = all.filter(({ rule }) => (unit === 'requests') === rule.startsWith('r'))
        const best = tightest(all, unit)
        if (!best) expect(own).toEqual([])
        else {
          expect(own).toContain(best)
          expect(own.every((each) => each.limit / each.window >= best.limit / best.window)).toBe(true)
        }
      }
      expect(Object.keys(spelledLimits(all))).toHaveLength(7)
    },
  )
})
