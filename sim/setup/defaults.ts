import type { AccountSpec } from '../../src/scenario/accounts.ts'

/** The profile of a mock where nobody names one. */
export const defaultProfile = 'intl'

/** The seed of a mock where nobody gives one. */
export const defaultSeed = 1

/** The accounts of a mock where nobody names any. */
export const oneAccount: readonly AccountSpec[] = [{ name: 'main', keys: ['sk-ratelab'] }]

/** Simulated milliseconds in a real one, where nobody says. */
export const defaultSpeed = 1

/** The port of `ratelab serve`. */
export const defaultPort = 8420

/** The address on which a server listens: only this machine reaches it. */
export const defaultHost = '127.0.0.1'

/** The longest body of a request that a server reads. */
export const defaultMaxBodyBytes = 20 * 1024 * 1024
