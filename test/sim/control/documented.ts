import { Ajv2020 } from 'ajv/dist/2020.js'
import { referencesOf } from '../../../sim/control/control.ts'
import { openApi as openApiOf } from '../../../sim/control/open-api.ts'
import type { Schema } from '../../../src/checks/schema.ts'
import { lab } from '../mock-rig.ts'

/** The document of every control plane here: their mocks have the same accounts and models. */
export const openApi = openApiOf(referencesOf(lab().mock), false)

const ajv = new Ajv2020({ strict: false })
ajv.addSchema({ $id: 'doc', ...openApi })

/** The validator of a part of the document, named by the way to it. */
export function validatorOf(...path: readonly string[]) {
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  return ajv.getSchema(`doc#/${pointer}`)!
}

/** What the document says of a reply, and whether the reply is so. */
export function mismatch(method: string, path: string, status: number, body: unknown): unknown {
  const reply = openApi.paths[path]?.[method.toLowerCase()]?.responses[status]
  if (!reply) return `${method} ${path} ${status} is not documented`
  const [media] = Object.keys(reply.content)
  const validate = validatorOf(
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    `${status}`,
    'content',
    media!,
    'schema',
  )
  return validate(body) ? undefined : validate.errors
}

/** Whether a reply is one of problems, as the document says. */
export const isProblems = validatorOf('components', 'schemas', 'Problems')

/** The accounts and models that tests name. */
export const names = { account: ['a'], model: ['m', 'qwen-plus'] }
/** What values of a schema of the document are made from. */
export const source = {
  ajv: { compile: (schema: Schema) => ajv.compile({ ...schema, components: openApi.components }) },
  names,
  resolve: (reference: string) => openApi.components.schemas[reference.replace('#/components/schemas/', '')]!,
}

/** The names of the fields that a part of the document knows, there and in what it refers to. */
export function documentedFields(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { $ref, properties = {} } = part as { readonly $ref?: string; readonly properties?: object }
  const inner = [...Object.values(part), $ref && source.resolve($ref)].flatMap(documentedFields)
  return [...Object.keys(properties), ...inner]
}

/** The names of all fields that the document knows. */
export const fields = documentedFields(openApi.components.schemas)
