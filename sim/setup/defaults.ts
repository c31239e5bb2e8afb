import type { AccountSpec } from '../../src/scenario/accounts.ts'

/** The profile of a mock for which none is named. */
export const defaultProfile = 'intl'

/** The seed of a mock for which none is given. */
export const defaultSeed = 1

/** The accounts of a mock for which none are named. */
export const oneAccount: readonly AccountSpec[] = [{ name: 'main', keys: ['sk-ratelab'] }]

/** How many simulated milliseconds pass in a real one, unless a speed is given. */
export const defaultSpeed = 1

/** The port of `ratelab serve`, unless one is given. */
export const defaultPort = 8420

/** The address on which a server listens, unless one is given: only this machine reaches it. */
export const defaultHost = '127.0.0.1'

/** The longest body of a request that a server reads, in bytes, unless a bound is given. */
export const defaultMaxBodyBytes = 20 * 1024 * 1024
