import { describe, expect, test } from 'vitest'
import {
  wireSwitchesOf,
  wireSwitchNames,
  wireSwitchProblem,
  wireSwitchTable,
} from '../../../sim/switches/wire-switches.ts'

describe.each(wireSwitchNames)('the switch %s', (name) => {
  const { default: usual, label, about, values } = wireSwitchTable[name]

  test('has a default that it may have, a label, and a line about itself', () => {
    expect(wireSwitchProblem(name, usual)).toBeUndefined()
    expect(['assumption', 'fact']).toContain(label)
    expect(about.length).toBeGreaterThan(10)
  })

  test('may have each of its values, and nothing else', () => {
    if (Array.isArray(values)) for (const value of values) expect(wireSwitchProblem(name, value)).toBeUndefined()
    for (const wrong of [null, undefined, 'nothing of the kind', {}, [], Number.NaN, -1])
      expect(wireSwitchProblem(name, wrong)).toMatch(new RegExp(`^Expected \`${name}\` to be .+, got .+`))
  })

  test('is the default unless it is chosen', () => {
    expect(wireSwitchesOf()[name]).toBe(usual)
    const other = Array.isArray(values) ? values.find((value) => value !== usual) : 7
    expect(wireSwitchesOf({ [name]: other })[name]).toBe(other)
  })
})

test('by default nothing is sent that was never seen, and errors of streams are plain', () => {
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
