import { seedsOf } from '../study-options.ts'

export const defaultWorlds = 40

/** The seeds of the runs in each world: 1 to 10. */
export const defaultRunSeeds: readonly number[] = seedsOf(10)
