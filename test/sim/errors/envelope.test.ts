import { describe, expect, test } from 'vitest'
import { type Circumstances, type Envelope, errorBody } from '../../../sim/errors/envelope.ts'
import type { ErrorName } from '../../../sim/errors/error-table.ts'
import { article } from '../../../sim/profiles/article.ts'
import { intl } from '../../../sim/profiles/intl.ts'

const link = ' For details, see: https://www.alibabacloud.com/help/en/model-studio/error-code#rate-limit'
const value = '20db6050-0909-9934-bd34-f4bef2f4eeae'

function body(envelope: Envelope, circumstances: Circumstances, name: ErrorName = 'requests') {
  return JSON.stringify(errorBody(intl, envelope, { name }, circumstances))
}

describe('the id of a request', () => {
  test('is next to the error object, or within it when the switch says so', () => {
    const at = (place: 'request_id' | 'error.id') => body('compat', { id: { value, place } }, 'throttling')
    const error = '"code":"Throttling","message":"Requests throttling triggered."'
    expect(at('request_id')).toBe(`{"error":{${error},"param":null,"type":"Throttling"},"request_id":"${value}"}`)
    expect(at('error.id')).toBe(`{"error":{${error},"type":"Throttling","id":"${value}"}}`)
  })

  test.each(['compat', 'native', 'anthropic'] as const)('%s: is left out when there is none', (envelope) => {
    expect(body(envelope, {})).not.toContain('id"')
  })
})

describe('the link', () => {
  test.each([
    ['compat', true, true, false],
    ['anthropic', true, true, false],
    ['native', false, true, false],
  ] as const)('%s', (envelope, byDefault, both, none) => {
    expect(body(envelope, {}).includes(link)).toBe(byDefault)
    expect(body(envelope, { links: 'compat' }).includes(link)).toBe(byDefault)
    expect(body(envelope, { links: 'both' }).includes(link)).toBe(both)
    expect(body(envelope, { links: 'none' }).includes(link)).toBe(none)
  })

  test('is not in the article’s envelope', () => {
    expect(JSON.stringify(errorBody(article, 'compat', { name: 'tokens' }))).not.toContain('For details')
  })
})

test('a detail is put into the message unchanged', () => {
  const detail = "$& $1 $' {model}"
  const { error } = errorBody(intl, 'compat', { name: 'unknown-model', detail }) as { error: { message: string } }
  expect(error.message).toBe(`The model \`${detail}\` does not exist or you do not have access to it.`)
  const bare = errorBody(intl, 'compat', { name: 'unknown-model' }) as { error: { message: string } }
  expect(bare.error.message).toBe('The model `` does not exist or you do not have access to it.')
})
