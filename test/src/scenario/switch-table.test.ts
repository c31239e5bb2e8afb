import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  aboutSwitch,
  alternativesTo,
  chosenShape,
  meaningOf,
  namesOf,
  type SwitchTable,
  type ValuesOf,
  withDefaults,
} from '../../../src/scenario/switch-table.ts'

const lamp = {
  colour: {
    default: 'white',
    values: ['white', 'red'],
    label: 'fact',
    meaning: 'colour of the light',
    note: 'red is for photographers',
  },
  isOn: { default: false, values: [false, true], label: 'assumption', meaning: 'whether it shines' },
  fade: {
    default: 5,
    values: { atLeast: 0, whole: true },
    alternatives: [2, 10],
    label: 'assumption',
    meaning: 'time to full light',
    unit: 'ms',
  },
} as const satisfies SwitchTable

describe('a row', () => {
  test('gives the type of its switch', () => {
    expectTypeOf<ValuesOf<typeof lamp>>().toEqualTypeOf<{
      readonly colour: 'white' | 'red'
      readonly isOn: boolean
      readonly fade: number
    }>()
  })

  test('says what the switch sets, in which unit, and what else there is to know', () => {
    expect([meaningOf(lamp.colour), meaningOf(lamp.fade)]).toEqual(['colour of the light', 'time to full light, ms'])
    expect([aboutSwitch(lamp.colour), aboutSwitch(lamp.fade)]).toEqual([
      'colour of the light; red is for photographers',
      'time to full light, ms',
    ])
  })
})

test('what is chosen goes over the defaults', () => {
  expect(withDefaults(lamp, {})).toEqual({ colour: 'white', isOn: false, fade: 5 })
  expect(withDefaults(lamp, { colour: 'red', fade: 0 })).toEqual({ colour: 'red', isOn: false, fade: 0 })
  expect(namesOf(lamp)).toEqual(['colour', 'isOn', 'fade'])
})

describe('some switches of a table', () => {
  const shape = chosenShape(lamp)

  test('may be any of them, or none', () => {
    expect(shape('lamp', {})).toEqual([])
    expect(shape('lamp', { isOn: true, fade: 3 })).toEqual([])
  })

  test('must have values that their rows allow, and an undefined is none', () => {
    expect(shape('lamp', { colour: 'rad', isOn: undefined, fade: 0.5, dim: 1 })).toEqual([
      'Expected `lamp` to have no fields but colour, isOn, fade, got "dim"',
      'Expected `lamp.colour` to be one of white, red, got "rad"; did you mean red?',
      'Expected `lamp.fade` to be a whole number >= 0, got 0.5',
      'Expected `lamp.isOn` to be one of false, true, got undefined',
    ])
    expect(shape('lamp', 7)).toEqual(['Expected `lamp` to be an object, got 7'])
  })

  test('are described by their rows', () => {
    expect(shape.schema(() => ({}))).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        colour: {
          description: 'Colour of the light; red is for photographers (fact).',
          enum: ['white', 'red'],
          default: 'white',
        },
        isOn: { description: 'Whether it shines (assumption).', enum: [false, true], default: false },
        fade: {
          description: 'Time to full light, ms (assumption).',
          type: 'integer',
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 5,
        },
      },
    })
  })
})

test('the alternatives to a value are all others of a list; of a number those of its row, and its default', () => {
  expect(alternativesTo('white', lamp.colour)).toEqual(['red'])
  expect(alternativesTo(true, lamp.isOn)).toEqual([false])
  expect(alternativesTo(5, lamp.fade)).toEqual([2, 10])
  expect(alternativesTo(10, lamp.fade)).toEqual([2, 5])
  expect(alternativesTo(7, lamp.fade)).toEqual([2, 5, 10])
  const { alternatives: _, ...bare } = lamp.fade
  expect([alternativesTo(5, bare), alternativesTo(7, bare)]).toEqual([[], [5]])
})
