import { createCanvas, loadImage } from '@napi-rs/canvas'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Comparison } from '../../../../src/compare/comparison.ts'
import { charts } from '../../../../src/report/charts/png.ts'
import { comparison } from '../../../golden/comparison.ts'

interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green and blue of a pixel, from 0 to 255. */
  at(x: number, y: number): readonly [number, number, number]
}

async function pictureOf(bytes: Uint8Array): Promise<Picture> {
  const image = await loadImage(Buffer.from(bytes))
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  return {
    width,
    height,
    at(x, y) {
      const from = 4 * (y * width + x)
      return [data[from]!, data[from + 1]!, data[from + 2]!]
    },
  }
}

function share(picture: Picture, holds: (colour: readonly [number, number, number]) => boolean): number {
  let held = 0
  for (let y = 0; y < picture.height; y++) for (let x = 0; x < picture.width; x++) if (holds(picture.at(x, y))) held++
  return held / (picture.width * picture.height)
}

const white = ([r, g, b]: readonly [number, number, number]) => r === 255 && g === 255 && b === 255
const best = ([r, g, b]: readonly [number, number, number]) => r === 0 && g === 0x68 && b === 0xa5

describe('the pictures', () => {
  let files: Record<string, Uint8Array>
  beforeAll(async () => {
    files = await charts(comparison)
  })

  test('are three for each case, with the names to which the report links', () => {
    expect(Object.keys(files)).toEqual([
      'charts/all-at-once-efficiency.png',
      'charts/all-at-once-admitted.png',
      'charts/all-at-once-wait.png',
      'charts/within-the-minute-efficiency.png',
      'charts/within-the-minute-admitted.png',
      'charts/within-the-minute-wait.png',
    ])
  })

  test('are PNG files with 1.5 pixels for each CSS pixel', async () => {
    for (const bytes of Object.values(files)) {
      expect([...bytes.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      expect((await pictureOf(bytes)).width).toBe(1440)
    }
  })

  test('are drawn on white, and nothing touches an edge', async () => {
    for (const [name, bytes] of Object.entries(files)) {
      const picture = await pictureOf(bytes)
      const blank = share(picture, white)
      expect(blank, name).toBeGreaterThan(0.5)
      expect(blank, name).toBeLessThan(0.99)
      for (let y = 0; y < picture.height; y++)
        for (const x of [0, 5, picture.width - 6, picture.width - 1])
          expect(white(picture.at(x, y)), `${name} at ${x}, ${y}`).toBe(true)
      for (let x = 0; x < picture.width; x++)
        for (const y of [0, picture.height - 1]) expect(white(picture.at(x, y)), `${name} at ${x}, ${y}`).toBe(true)
    }
  })

  test('show the strategies of rank 1 in their own colour', async () => {
    expect(share(await pictureOf(files['charts/all-at-once-efficiency.png']!), best)).toBeGreaterThan(0.0001)
  })
})

test('a case without strategies has its pictures, too', async () => {
  const empty: Comparison = { ...comparison, cases: [{ ...comparison.cases[0]!, rows: [] }] }
  expect(Object.keys(await charts(empty))).toHaveLength(3)
})

test('a run of four days can be drawn', async () => {
  const [first] = comparison.cases
  const series = {
    ...first!.rows[0]!.series,
    admittedPerSecond: new Array(345_600).fill(1),
    deniedPerSecond: new Array(345_600).fill(3),
  }
  const long = { ...first!, rows: [{ ...first!.rows[0]!, series }] }
  expect(Object.keys(await charts({ ...comparison, cases: [long] }))).toHaveLength(3)
})
