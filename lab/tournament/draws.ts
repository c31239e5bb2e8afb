import type { Random } from '../../src/core/random.ts'

/** Draws one item of a list, each with the same probability. */
export function drawnItem<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random.next() * items.length)]!
}

/** Draws a number from `least` to `most` whose logarithm is uniform, so that half and double are equally likely. */
export function drawnScale(least: number, most: number, random: Random): number {
  return least * (most / least) ** random.next()
}

/** Rounds to two significant digits, so that a world can be described exactly in few words. */
export function rough(value: number): number {
  return Number(value.toPrecision(2))
}
