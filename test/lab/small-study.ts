import burst from '../../scenarios/burst.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'

/** One case of `burst` with so few calls that a run takes no time. */
export const few: Case = { ...burst.cases[0]!, title: '40 calls at once', arrivals: { kind: 'at-once', calls: 40 } }

export const small: Scenario = { ...burst, name: 'small', strategies: ['none'], cases: [few] }
