import { describe, expect, test } from 'vitest'
import { readCommentedJson } from '../../../sim/config/commented-json.ts'
import { parseConfig } from '../../../sim/config/read-config.ts'
import { inputErrorOf } from '../../../src/checks/input-error.ts'
import { door } from '../control/door.ts'
import { lab } from '../mock-rig.ts'

const long = 'x'.repeat(400_000)
const manyFields = Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`f${i}`, 0]))
const manyFaults = Array.from({ length: 500 }, () => ({ match: { account: 'nobody' }, when: 'soon' }))
const accounts = Array.from({ length: 2000 }, (_, i) => ({ name: `account-${i}`, keys: [`sk-${i}`] }))
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const bodies: readonly (readonly [what: string, field: string, json: string])[] = [
  ['many fields', 'faults', JSON.stringify({ ...manyFields, faults: [] })],
  ['many faults', 'faults', JSON.stringify({ faults: manyFaults })],
  ['a long name of a field', 'limits', JSON.stringify({ [long]: 1 })],
  ['a long name of a model', 'limits', JSON.stringify({ limits: { [long]: 1 } })],
  ['a long value', 'faults', JSON.stringify({ faults: [{ match: { account: long }, when: long }] })],
  ['a deep value', 'faults', `{"faults":[{"match":{},"when":${nested(3000)},"do":{"delay":1}}]}`],
  ['a very deep value', 'faults', `{"faults":[{"match":{},"when":${nested(100_000)},"do":{"delay":1}}]}`],
  ['a deep body', 'faults', nested(400_000)],
]

describe('what is told of wrong input is short', () => {
  test.each(bodies)('%s, by the control plane', async (_, field, json) => {
    const { ask } = door(lab({ accounts }))
    const [status, reply] = await ask('POST', field, json)
    expect(status).toBe(400)
    expect(reply.problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(reply).length).toBeLessThan(50_000)
  })

  test.each(bodies)('%s, in a config', (_, _field, json) => {
    const read = parseConfig('serve.json', Buffer.from(json))
    const { message } = inputErrorOf('problems' in read ? read.problems : [])
    expect(message).toMatch(/^Expected|\d problems:\n/)
    expect(message.length).toBeLessThan(50_000)
  })

  test('many options of a mock', () => {
    let message = ''
    try {
      lab({ faults: manyFaults as never, accounts, wire: manyFields })
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toMatch(/\nand at least [\d,]+ more$/)
    expect(message.length).toBeLessThan(50_000)
  })
})

test('a config that nests too deep is told at once', () => {
  expect(readCommentedJson(nested(100_000))).toHaveProperty('fault')
})
