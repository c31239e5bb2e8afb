import { describe, expect, test } from 'vitest'
import { type Lengths, lengthProblems, meanLength } from '../../../../src/scenario/lengths/lengths.ts'
import { type LengthShape, lengthShapes } from '../../../../src/scenario/lengths/shapes.ts'

/** The means that the sources of the shapes state. */
const published: Record<LengthShape, readonly [prompt: number, output: number]> = {
  chat: [1154.7, 211.1],
  api: [796, 78],
  agent: [12_035.1, 342.6],
}

describe.each(Object.keys(lengthShapes) as LengthShape[])('the shape %s', (shape) => {
  const { lengths, source } = lengthShapes[shape]

  test('is a description that a scenario accepts, with its source and its licence', () => {
    expect(lengthProblems('lengths', lengths)).toEqual([])
    expect(source).toMatch(/CC-BY-4\.0|Apache-2\.0/)
  })

  test('has the published means within 8 %', () => {
    const { prompt, output } = meanLength({ kind: 'shape', shape } satisfies Lengths, 10_000_000)
    expect(Math.abs(prompt / published[shape][0] - 1)).toBeLessThan(0.08)
    expect(Math.abs(output / published[shape][1] - 1)).toBeLessThan(0.08)
  })
})
