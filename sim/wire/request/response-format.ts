import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { invalid, ownField } from './body.ts'
import { schemaInstance } from './schema-instance.ts'

const formats: readonly unknown[] = ['text', 'json_object', 'json_schema']

/** What is wrong with a `response_format`, in the service's words; undefined: nothing. */
export function formatProblem(format: unknown): string | undefined {
  const type = isObject(format) ? ownField(format, 'type') : undefined
  if (formats.includes(type)) return undefined
  const got = typeof type === 'string' ? type : typeof format
  return `Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is ${got}.`
}

/** What a model says that is free to choose its JSON. */
const anything = { answer: 'text' }

/** The JSON text that `response_format` asks for; undefined: none. A prompt that does not speak of JSON is refused, and so is thinking. */
export function jsonAnswer(fields: Fields, prompt: string, thinks: boolean): string | undefined {
  const format = ownField(fields, 'response_format')
  if (!isObject(format)) return undefined
  const type = ownField(format, 'type')
  if (type === 'json_schema') return instanceText(schemaOf(ownField(format, 'json_schema')), anything)
  if (type !== 'json_object') return undefined
  if (thinks) throw invalid('Json mode response is not supported when enable_thinking is true')
  if (!/json/i.test(prompt))
    throw invalid(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    )
  return JSON.stringify(anything)
}

/** The arguments that a tool with these parameters is called with: always an object. */
export function argumentsText(parameters: unknown): string {
  return instanceText(parameters, {})
}

/** An instance of a schema that describes objects; `otherwise` where it does not. */
function instanceText(schema: unknown, otherwise: object): string {
  const instance = isObject(schema) ? schemaInstance({ type: 'object', ...schema }) : undefined
  return JSON.stringify(isObject(instance) ? instance : otherwise)
}

function schemaOf(format: unknown): unknown {
  return isObject(format) ? ownField(format, 'schema') : undefined
}
