import { definitionsAt, type Schema } from '../../src/checks/schema.ts'
import { fixedAtStart } from './config-changes.ts'
import { serveConfigShape } from './serve-config.ts'

const { refer, definitions } = definitionsAt('#/$defs/')
const { properties, ...shape } = serveConfigShape.schema(refer) as {
  readonly properties: Readonly<Record<string, Schema>>
}

/** What `serve.schema.json` holds: the JSON Schema of a config file. */
export const serveSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'ratelab.serve/1',
  title: 'Config of ratelab serve',
  description:
    'What the mock provider is, and how it is served. Every field has a default, and flags of the command line take precedence. The file is JSON with comments.',
  ...shape,
  properties: {
    ...properties,
    ...Object.fromEntries(fixedAtStart.map((name) => [name, needsRestart(properties[name]!)])),
  },
  $defs: definitions,
}

function needsRestart(field: Schema): Schema {
  return { ...field, description: `${field.description} It changes only with a restart.` }
}
