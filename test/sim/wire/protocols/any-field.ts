import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { protocolRig } from './protocol-rig.ts'

/** Any JSON value, and values that are nearly correct. */
const anyValue = fc.oneof(
  fc.jsonValue(),
  fc.array(
    fc.dictionary(fc.constantFrom('type', 'role', 'content', 'text', 'name', 'function', 'output'), fc.jsonValue()),
  ),
  fc.dictionary(
    fc.constantFrom('type', 'name', 'effort', 'mode', 'tools', 'budget_tokens', '__proto__'),
    fc.jsonValue(),
  ),
)

/** Tests that any value in one of these fields of a correct body gets a reply of the protocol. */
export function takesAnyField(path: string, body: object, fields: readonly string[]): void {
  test.prop([fc.constantFrom(...fields), anyValue])(
    'any value in a field gets an answer, or a 4xx in the protocol’s envelope',
    async (field, value) => {
      const { status, text } = await protocolRig().ask({ path, body: { ...body, [field]: value } })
      if (status === 200) return
      expect([400, 404]).toContain(status)
      expect(JSON.parse(text)).toHaveProperty('request_id')
    },
  )
}
