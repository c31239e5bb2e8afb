import { describe, expect, test } from 'vitest'
import { routeOf } from '../../../../sim/wire/handling/routes.ts'

function routed(method: string, path: string) {
  const route = routeOf({ method, path, query: '', header: () => undefined, body: '' })
  const envelope = 'protocol' in route ? route.protocol.envelope : route.envelope
  return { name: route.name, envelope, error: 'error' in route ? route.error.name : undefined }
}

describe('every path of the service', () => {
  test.each([
    ['POST', '/compatible-mode/v1/chat/completions', 'compat-chat', 'compat'],
    ['POST', '/compatible-mode/v1/completions', 'compat-completions', 'compat'],
    ['POST', '/compatible-mode/v1/embeddings', 'compat-embeddings', 'compat'],
    ['GET', '/compatible-mode/v1/models', 'compat-models', 'compat'],
    ['GET', '/compatible-mode/v1/models/qwen3-max', 'compat-models', 'compat'],
    ['POST', '/api/v1/services/aigc/text-generation/generation', 'native-text', 'native'],
    ['POST', '/api/v1/services/aigc/multimodal-generation/generation', 'native-multimodal', 'native'],
    ['GET', '/api/v1/models/limits', 'limits', 'native'],
    ['POST', '/api/v1/models/limits', 'limits', 'native'],
    ['GET', '/api/v1/quotas', 'limits', 'native'],
  ])('%s %s has its own name and envelope, and accepts no other method', (method, path, name, envelope) => {
    expect(routed(method, path)).toEqual({ name, envelope, error: undefined })
    for (const other of ['PUT', 'DELETE', '__proto__', 'constructor'])
      expect(routed(other, path)).toEqual({ name, envelope, error: 'wrong-method' })
  })

  test.each([
    ['/', 'compat'],
    ['constructor', 'compat'],
    ['__proto__', 'compat'],
    ['/compatible-mode/v1/models/', 'compat'],
    ['/compatible-mode/v1/modelsx', 'compat'],
    ['/api/v1/models', 'native'],
    ['/apps/anthropic/v1/models', 'anthropic'],
  ])('%s is not a path of the service', (path, envelope) => {
    expect(routed('GET', path)).toEqual({ name: 'none', envelope, error: 'unknown-path' })
  })
})
