import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { protocolRig } from './protocol-rig.ts'

/** Anything, and what looks almost right. */
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

/** The law of every protocol: nothing in one of these fields of a good body makes it answer otherwise than by its protocol. */
export function takesAnyField(path: string, body: object, fields: readonly string[]): void {
  test.prop([fc.constantFrom(...fields), anyValue])(
    'whatever a field holds: an answer, or the envelope of a 4xx',
    async (field, value) => {
      const { status, text } = await protocolRig().ask({ path, body: { ...body, [field]: value } })
      if (status === 200) return
      expect([400, 404]).toContain(status)
      expect(JSON.parse(text)).toHaveProperty('request_id')
    },
  )
}
