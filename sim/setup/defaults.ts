import type { AccountSpec } from '../../src/scenario/accounts.ts'

/** The default profile of a mock. */
export const defaultProfile = 'intl'

/** The default seed of a mock. */
export const defaultSeed = 1

/** The default accounts of a mock. */
export const oneAccount: readonly AccountSpec[] = [{ name: 'main', keys: ['sk-ratelab'] }]

/** The default speed of simulated time: simulated milliseconds in one real millisecond. */
export const defaultSpeed = 1

/** The default port of `ratelab serve`. */
export const defaultPort = 8420

/** The default address on which a server listens. Only this machine can reach it. */
export const defaultHost = '127.0.0.1'

/** The default length of the longest request body that a server reads, in bytes. */
export const defaultMaxBodyBytes = 20 * 1024 * 1024
