import { definitionsAt, type Schema } from '../../src/checks/schema.ts'
import { fixedAtStart } from './config-changes.ts'
import { serveConfigShape } from './serve-config.ts'

const { refer, definitions } = definitionsAt('#/$defs/')
const { properties, ...shape } = serveConfigShape.schema(refer) as {
  readonly properties: Readonly<Record<string, Schema>>
}

/** The JSON Schema of a config file. A test writes it to `serve.schema.json`. */
export const serveSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'ratelab.serve/1',
  title: 'Config of ratelab serve',
  description:
    'The setup of the mock provider, and how it is served. Every field has a default. Flags of the command line take precedence. The file is JSON and may have comments.',
  ...shape,
  properties: {
    ...properties,
    ...Object.fromEntries(fixedAtStart.map((name) => [name, needsRestart(properties[name]!)])),
  },
  $defs: definitions,
}

function needsRestart(field: Schema): Schema {
  return { ...field, description: `${field.description} A change takes effect after a restart.` }
}
