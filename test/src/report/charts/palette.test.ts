import { describe, expect, test } from 'vitest'
import { curveColours, ink, paper, reachableStyle } from '../../../../src/report/charts/palette.ts'
import { contrast } from './contrast.ts'

test('the contrast is that of WCAG 2.2', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21)
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2)
  expect(contrast('#FFFFFF', '#FFFFFF')).toBe(1)
})

describe('the contrast against the background', () => {
  const colours = [...Object.entries(ink), ...curveColours.map((colour) => [colour, colour] as const)]

  test.each(colours)('of %s is at least 3', (_name, colour) => {
    expect(contrast(colour, paper)).toBeGreaterThanOrEqual(3)
  })

  test.each(Object.entries(ink).filter(([name]) => name !== 'grid'))('of %s is enough for text', (_name, colour) => {
    expect(contrast(colour, paper)).toBeGreaterThanOrEqual(4.5)
  })
})

test('curves differ in colour, and none has that of the reachable', () => {
  expect(new Set(curveColours).size).toBe(curveColours.length)
  expect(curveColours).not.toContain(reachableStyle.colour)
})
