import { describe, expect, test } from 'vitest'
import {
  wireSwitchesOf,
  wireSwitchNames,
  wireSwitchProblem,
  wireSwitchTable,
} from '../../../sim/switches/wire-switches.ts'

describe.each(wireSwitchNames)('the switch %s', (name) => {
  const { default: usual, label, about, values } = wireSwitchTable[name]

  test('has a valid default, a label, and a line of description', () => {
    expect(wireSwitchProblem(name, usual)).toBeUndefined()
    expect(['assumption', 'fact']).toContain(label)
    expect(about.length).toBeGreaterThan(10)
  })

  test('accepts each of its values, and no others', () => {
    if (Array.isArray(values)) for (const value of values) expect(wireSwitchProblem(name, value)).toBeUndefined()
    for (const wrong of [null, undefined, 'nothing of the kind', {}, [], Number.NaN, -1])
      expect(wireSwitchProblem(name, wrong)).toMatch(new RegExp(`^Expected \`${name}\` to be .+, got .+`))
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
