import { leastSeeds } from '../src/compare/statistics.ts'
import { seedsOf } from './study-options.ts'

/** The seeds of a sensitivity study without the option `seeds`: 1 to 6. There are few, but enough for ranks, because the study runs once for each alternative. */
export const sensitivitySeeds: readonly number[] = seedsOf(leastSeeds)
