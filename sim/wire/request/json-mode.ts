import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { invalid, own } from './fields.ts'
import { schemaInstance } from './schema-instance.ts'

/** What a model says that is free to choose its JSON. */
const anything = { answer: 'text' }

/** The JSON text that `response_format` asks for; undefined: none. A prompt that does not speak of JSON is refused, and so is thinking. */
export function jsonAnswer(fields: Fields, prompt: string, thinks: boolean): string | undefined {
  const format = own(fields, 'response_format')
  if (!isObject(format)) return undefined
  const type = own(format, 'type')
  if (type === 'json_schema') return instanceText(schemaOf(own(format, 'json_schema')), anything)
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
  return isObject(format) ? own(format, 'schema') : undefined
}
