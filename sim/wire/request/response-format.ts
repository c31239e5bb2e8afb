import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { quotable } from '../../../src/core/expect.ts'
import { invalid, ownField } from './body.ts'
import { schemaInstance } from './schema-instance.ts'

const formats: readonly unknown[] = ['text', 'json_object', 'json_schema']

/** Returns what is wrong with a `response_format`, in the service's words. Returns undefined when nothing is wrong. */
export function formatProblem(format: unknown): string | undefined {
  const type = isObject(format) ? ownField(format, 'type') : undefined
  if (formats.includes(type)) return undefined
  const got = typeof type === 'string' ? quotable(type) : typeof format
  return `Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is ${got}.`
}

/** The JSON that the model writes when it may choose. */
const anything = { answer: 'text' }

/**
 * Returns the JSON text that `response_format` asks for, or undefined when it asks for none. Throws a `BadRequest` for `json_object` when the
 * model thinks, or when the prompt does not contain the word JSON.
 */
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

/** The arguments of a call of a tool with these parameters, as JSON text. They are always an object. */
export function argumentsText(parameters: unknown): string {
  return instanceText(parameters, {})
}

/** The JSON text of an instance of the schema, or of `otherwise` when the schema does not describe an object. */
function instanceText(schema: unknown, otherwise: object): string {
  const instance = isObject(schema) ? schemaInstance({ type: 'object', ...schema }) : undefined
  return JSON.stringify(isObject(instance) ? instance : otherwise)
}

function schemaOf(format: unknown): unknown {
  return isObject(format) ? ownField(format, 'schema') : undefined
}
