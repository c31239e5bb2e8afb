import { seedsOf } from './study-options.ts'

/** The seeds of a sensitivity study without the option `seeds`: 1 to 5. There are few, because the study runs once for each alternative. */
export const sensitivitySeeds: readonly number[] = seedsOf(5)
