import type { AccountSpec } from '../../src/scenario/world.ts'

/** The profile of a mock where nobody names one. */
export const defaultProfile = 'intl'

/** The seed of a mock where nobody gives one. */
export const defaultSeed = 1

/** Whose keys are known where nobody says so. */
export const oneAccount: readonly AccountSpec[] = [{ name: 'main', keys: ['sk-ratelab'] }]
