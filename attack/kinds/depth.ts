import { besiege } from '../server/ground.ts'
import { correctBodies, placesOf, spoilt } from '../traffic/hostile-request.ts'
import { requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'
import { type Input, sendAll } from './send-all.ts'

/** What a field nests in itself: what opens, what closes, and what stands in the middle. */
const nestings = [
  ['[', ']', ''],
  ['{"a":', '}', '1'],
  ['[{"properties":', '}]', '{}'],
] as const

/** Fields of JSON Schemas and of tools, which are walked more deeply than others. */
const schemaFields = ['const', 'enum', 'default', 'not', 'items', 'allOf', 'anyOf', 'properties', '$defs']

function nested([open, close, middle]: (typeof nestings)[number], depth: number): string {
  return open.repeat(depth) + middle + close.repeat(depth)
}

export const depth: Attack = {
  about: 'values nested thousands of levels deep, in every field of every protocol and of every schema',
  run: (ground) =>
    besiege(ground, { args: ['--speed', '86400x'] }, ({ port }) =>
      sendAll(inputs(ground.isShort ? [5000] : [200, 1000, 5000, 100_000]), { ...ground, port, within: 20_000 }),
    ),
}

function* inputs(depths: readonly number[]): Iterable<Input> {
  for (const depth of depths)
    for (const nesting of nestings) {
      const value = nested(nesting, depth)
      for (const [path, body] of Object.entries(correctBodies)) {
        const places = [...placesOf(body).map((place) => [place, undefined] as const), [[], 'metadata'] as const]
        for (const [place, extra] of places)
          yield inputOf(
            path,
            `${[...place, extra ?? ''].join('.')} ${nesting[0]} × ${depth}`,
            spoilt(body, place, value, extra),
          )
      }
      for (const field of schemaFields) {
        const schema = `{"type":"object","properties":{"a":{"${field}":${value}}},"required":["a"]}`
        const format = `{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":${schema}}}`
        const what = `a schema's ${field} ${nesting[0]} × ${depth}`
        const chat = '/compatible-mode/v1/chat/completions'
        yield inputOf(chat, what, spoilt(correctBodies[chat], [], format, 'response_format'))
        const tools = `[{"type":"function","function":{"name":"x","parameters":${schema}}}]`
        yield inputOf(chat, `${what}, of a tool`, spoilt(correctBodies[chat], ['tools'], tools))
        const text = `{"format":{"type":"json_schema","name":"x","schema":${schema}}}`
        const responses = '/compatible-mode/v1/responses'
        yield inputOf(responses, what, spoilt(correctBodies[responses], [], text, 'text'))
        const anthropic = '/apps/anthropic/v1/messages'
        yield inputOf(anthropic, what, spoilt(correctBodies[anthropic], ['tools', '0', 'input_schema'], schema))
      }
    }
}

function inputOf(path: string, what: string, body: string): Input {
  return { what: `${path} ${what}`, path, bytes: requestBytes(path, body) }
}
