import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { commonPassages, passagesOf } from '../../../../sim/gateway/http/passage.ts'

const service = 'https://up.example/compatible-mode/v1'

describe('the paths that a gateway passes on', () => {
  test.each([
    [service, '/v1/chat/completions', 'POST', '/compatible-mode/v1/chat/completions', 'compat'],
    [service, '/v1/completions', 'POST', '/compatible-mode/v1/completions', 'compat'],
    [service, '/v1/embeddings', 'POST', '/compatible-mode/v1/embeddings', 'compat'],
    [service, '/v1/responses', 'POST', '/compatible-mode/v1/responses', 'native'],
    [service, '/v1/models', 'GET', '/compatible-mode/v1/models', 'compat'],
    [service, '/v1/models/qwen-plus', 'GET', '/compatible-mode/v1/models/qwen-plus', 'compat'],
    [service, '/compatible-mode/v1/models/a.b:c', 'GET', '/compatible-mode/v1/models/a.b:c', 'compat'],
    [service, '/apps/anthropic/v1/messages', 'POST', '/apps/anthropic/v1/messages', 'anthropic'],
    [
      `${service}/`,
      '/api/v1/services/aigc/text-generation/generation',
      'POST',
      '/api/v1/services/aigc/text-generation/generation',
      'native',
    ],
    ['https://up.example/apps/anthropic/v1', '/v1/messages', 'POST', '/apps/anthropic/v1/messages', 'anthropic'],
    ['https://up.example/team/compatible-mode/v1', '/v1/models', 'GET', '/team/compatible-mode/v1/models', 'compat'],
    [
      'https://up.example/team/compatible-mode/v1',
      '/apps/anthropic/v1/messages',
      'POST',
      '/team/apps/anthropic/v1/messages',
      'anthropic',
    ],
    ['https://up.example/api/v3', '/v1/chat/completions', 'POST', '/api/v3/chat/completions', 'compat'],
    ['https://up.example/api/v3', '/api/v3/chat/completions', 'POST', '/api/v3/chat/completions', 'compat'],
    ['https://up.example/v1', '/v1/messages', 'POST', '/v1/messages', 'anthropic'],
    ['https://up.example', '/v1/chat/completions', 'POST', '/chat/completions', 'compat'],
  ])('%s: %s leads by %s to %s', (baseUrl, path, method, at, envelope) => {
    expect(passagesOf(baseUrl)(path)).toEqual({ method, path: at, envelope })
  })

  const escapes = (text: string) => text.replaceAll('.', '%2e').replaceAll('/', '%2f')

  test.each([
    '/_ratelab/clock',
    '/_ratelab/state',
    '/',
    '',
    '*',
    '/v1',
    '/v1/',
    '/v10/chat/completions',
    '/v1/files',
    '/v1/fine_tuning/jobs',
    '/v1/organization/api_keys',
    '/v1/models/limits/x',
    '/api/v1/models/limits',
    '/api/v1/quotas',
    '/v1/../_ratelab/clock',
    '/v1/..%2f_ratelab/clock',
    '/v1/%2e%2e/_ratelab/clock',
    '/v1/%252e%252e/_ratelab/clock',
    '/v1/..;/_ratelab/clock',
    '/v1/.;x=1/../../_ratelab/clock',
    '/v1\\..\\_ratelab\\clock',
    '/v1/%5c..%5c_ratelab%5cclock',
    '/v1/chat/completions/../../../_ratelab/clock',
    `/v1/chat/completions/${escapes('../../../_ratelab/clock')}`,
    '/v1/chat/completions/',
    '/v1/chat/completions;x',
    '/v1/chat//completions',
    '//v1/chat/completions',
    '/v1/chat%2fcompletions',
    '/v1/ch%61t/completions',
    '/V1/chat/completions',
    '/v1/Chat/Completions',
    '/v1/chat/completions%3f',
    '/v1/chat/completions%00',
    '/v1/chat/completions\t',
    '/v1/chat/completions ',
    '/v1/./chat/completions',
    '/v1/models/.',
    '/v1/models/..',
    '/v1/models/%2e%2e',
    '/v1/models/..%2f..%2f_ratelab',
    '/v1/models/a%2fb',
    '/v1/models/a/../..',
    '/v1/models/a;b',
    '/v1/models/',
    '//evil.example/v1/chat/completions',
    '/@evil.example/v1/chat/completions',
    'm://evil.example/v1/chat/completions',
    '.evil.example/v1/chat/completions',
    'http:/v1/chat/completions',
    '/services/aigc/text-generation/generation',
    '/v1/services/aigc/text-generation/generation',
    '/__proto__',
    '/v1/constructor',
  ])('do not have %j', (path) => {
    expect(passagesOf(service)(path)).toBeUndefined()
  })

  test('of another service do not have the paths of this one beside its base address', () => {
    const passages = passagesOf('https://up.example/team-a/v1')
    for (const path of ['/compatible-mode/v1/chat/completions', '/apps/anthropic/v1/messages', '/team-b/v1/models'])
      expect(passages(path)).toBeUndefined()
  })

  const bits = fc.constantFrom(
    ...[
      '/',
      '//',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ';',
      '?',
      '#',
      '@',
      '%',
      'v1',
      'api',
      'models',
      'limits',
      'quotas',
    ],
    ...['chat', 'completions', 'compatible-mode', '_ratelab', 'clock', 'x'],
  )

  property.prop([fc.array(bits, { maxLength: 12 }).map((parts) => `/${parts.join('')}`)])(
    'lead nowhere but to the list, however a server resolves them',
    (path) => {
      const passage = passagesOf(service)(path)
      if (!passage) return
      expect(new URL(passage.path, 'https://up.example').pathname).toBe(passage.path)
      expect(decodeURIComponent(passage.path)).toBe(passage.path)
      expect(passage.path).toMatch(
        /^\/(compatible-mode\/v1\/(chat\/completions|completions|embeddings|responses|models(\/[\w.:@-]+)?)|api\/v1\/services\/aigc\/\w+-generation\/generation|apps\/anthropic\/v1\/messages|api\/v2\/apps\/protocols\/compatible-mode\/v1\/responses)$/,
      )
    },
  )

  test('are the same at all accounts', () => {
    const at = (baseUrl: string) => ({ baseUrl })
    expect(commonPassages([at('https://a.example/v1'), at('https://b.example/v1')])('/v1/models')).toBeDefined()
    expect(() => commonPassages([at('https://a.example/v1'), at('https://a.example/v2')])).toThrow(/one path, got 2/)
    expect(() => commonPassages([])).toThrow(/one or more .* got 0/)
    expect(() => commonPassages([])).toThrow(/`accounts`/)
  })
})
