import { describe, expect, test } from 'vitest'
import { wireSwitchesOf, wireSwitchNames, wireSwitchTable } from '../../../sim/wire/wire-switches.ts'
import { aboutSwitch, type SwitchRow, valueShape } from '../../../src/scenario/switch-table.ts'

describe.each(wireSwitchNames)('the switch %s', (name) => {
  const row: SwitchRow = wireSwitchTable[name]
  const { default: usual, label, values } = row
  const problems = (value: unknown) => valueShape(row)(name, value)

  test('has a default that it may have, a label, and a line about itself', () => {
    expect(problems(usual)).toEqual([])
    expect(['assumption', 'fact']).toContain(label)
    expect(aboutSwitch(row).length).toBeGreaterThan(10)
  })

  test('may have each of its values, and nothing else', () => {
    if (Array.isArray(values)) for (const value of values) expect(problems(value)).toEqual([])
    for (const wrong of [null, undefined, 'nothing of the kind', {}, [], Number.NaN, -1])
      expect(problems(wrong)).toEqual([expect.stringMatching(new RegExp(`^Expected \`${name}\` to be .+, got .+`))])
  })

  test('has its default unless another value is given', () => {
    expect(wireSwitchesOf()[name]).toBe(usual)
    const other = Array.isArray(values) ? values.find((value) => value !== usual) : 7
    expect(wireSwitchesOf({ [name]: other })[name]).toBe(other)
  })
})

test('by default only what was captured is sent, and errors of streams are plain replies', () => {
  expect(wireSwitchesOf()).toMatchObject({
    errorPlacement: 'http',
    errorShape: 'own',
    errorDone: false,
    errorLinks: 'compat',
    errorId: 'request_id',
    limitHeaders: false,
    cookie: false,
  })
})
