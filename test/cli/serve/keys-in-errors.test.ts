import { describe, expect, test } from 'vitest'
import { readFlags } from '../../../cli/serve/flags.ts'
import { parseConfig } from '../../../sim/config/read-config.ts'
import { inputErrorOf } from '../../../src/checks/input-error.ts'

/** A key that looks like one, and one that does not. */
const keys = ['sk-secret0123456789abcdef', 'hunter2-hunter2'] as const

const configs = keys.flatMap((key): readonly string[] => [
  `{"accounts": "${key}"}`,
  `{"accounts": ["${key}"]}`,
  `{"accounts": [{"name": "a", "keys": "${key}"}]}`,
  `{"accounts": [{"name": "a", "keys": [{"key": "${key}"}]}]}`,
  `{"accounts": [{"name": "a", "keys": ["${key} "]}]}`,
  `{"accounts": [{"name": "a", "keys": ["${key}", "${key}"]}]}`,
  `{"accounts": [{"name": "a", "keys": ["${key}"]}, {"name": "b", "keys": ["${key}"]}]}`,
  `{"accounts": [{"name": "a", "keys": ["k"], "workspaces": "${key}"}]}`,
  `{"accounts": [{"name": "a", "keys": ["k"], "workspaces": ["${key}"]}]}`,
  `{"accounts": [{"name": "a", "keys": ["k"], "workspaces": [{"name": "w", "keys": "${key}", "limits": {}}]}]}`,
  `{"controlToken": ["${key}"]}`,
  `{"controlToken": {"token": "${key}"}}`,
  `{"controlToken": "${key} "}`,
  `{"accounts": [{"name": "a", "keys": ["${key}" "b"]}]}`,
  `{"accounts": [{"name": "a", "keys": ["a" "${key}"]}]}`,
  `{"accounts": [{"name": "a", "keys": [${key}]}]}`,
  `{"controlToken": "${key}`,
])

/** Configs in which only a key that looks like one can be known for a key. */
const elsewhere = [
  `{"port": "${keys[0]}"}`,
  `{"${keys[0]}": 1}`,
  `{"profile": "${keys[0]}"}`,
  `{"accounts": [{"name": "a", "keys": ["k"], "${keys[0]}": 1}]}`,
  `{"accounts": [{"name": "a", "keys": ["k"], "payable": "${keys[0]}"}]}`,
  `{"accounts": [{"name": "${keys[0]}", "keys": ["k"]}, {"name": "${keys[0]}", "keys": ["l"]}]}`,
  `{"limits": {"${keys[0]}": 5}}`,
  `{"faults": [{"when": {"${keys[0]}": 1}, "do": {"error": "${keys[0]}"}}]}`,
]

function expectNoKey(problems: readonly string[]): void {
  const { message } = inputErrorOf(problems)
  expect(problems).not.toEqual([])
  for (const key of keys) expect(message).not.toContain(key)
  expect(message).not.toMatch(/secret0123|unter2/)
}

describe('no error shows a key', () => {
  test.each([...configs, ...elsewhere])('of the config %s', (json) => {
    const read = parseConfig('config.json', new TextEncoder().encode(json))
    expectNoKey('problems' in read ? read.problems : [])
  })

  test('of a config whose token is a number', () => {
    const read = parseConfig('config.json', new TextEncoder().encode('{"controlToken": 8675309}'))
    expect('problems' in read && read.problems).toEqual([
      expect.stringMatching(/`config\.controlToken`.*, got a number$/),
    ])
  })

  test.each([
    ...keys.flatMap((key) => [
      { account: [key] },
      { account: [`=${key}`] },
      { account: [`a=${key} `.replace(' ', 'é')] },
      { account: [`a=${key}`, `b=${key}`] },
      { account: [`a=b,${key},`] },
      { controlToken: `${key} x` },
    ]),
    { port: keys[0] },
    { speed: keys[0] },
    { seed: keys[0] },
    { profile: keys[0] },
    { set: [keys[0]] },
    { set: [`window=${keys[0]}`] },
    { modelLimit: [keys[0]] },
    { modelLimit: [`${keys[0]}=x`] },
  ])('of the flags %j', (given) => {
    expectNoKey(readFlags({ account: [], set: [], modelLimit: [], ...given }).problems)
  })
})
