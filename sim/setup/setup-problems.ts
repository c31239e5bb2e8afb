import { type Check, number, object, oneOf, optional, text } from '../../src/checks/shape.ts'
import type { AccountSpec } from '../../src/scenario/world.ts'
import { profiles } from '../profiles/profiles.ts'
import { wireSwitchNames, wireSwitchProblem } from '../switches/wire-switches.ts'
import { speedProblem } from '../time/wall-timeline.ts'
import { defaultProfile, oneAccount } from './defaults.ts'
import { faultsCheck } from './fault-problems.ts'
import { accountClashes, accountsCheck, chosenCheck, limitsByModel, switchesCheck } from './world-problems.ts'

export const seedCheck: Check = number({ atLeast: 0, atMost: 2 ** 32, whole: true })

/** What a mock is set up with, each field by itself. */
export const setupChecks = {
  profile: optional(oneOf(Object.keys(profiles))),
  accounts: optional(accountsCheck(text)),
  limits: optional(limitsByModel(text)),
  switches: optional(switchesCheck),
  wire: optional(chosenCheck(wireSwitchNames, wireSwitchProblem)),
  faults: optional(faultsCheck()),
  seed: optional(seedCheck),
}

type Setup = { readonly [K in keyof typeof setupChecks]?: unknown }

const shape = object<Setup>(setupChecks)

/** Every problem of a mock's setup, each a sentence that names its path. */
export function setupProblems(field: string, setup: Setup): string[] {
  const problems = shape(field, setup)
  // References into something that is itself wrong would only repeat what has been said.
  if (problems.length > 0) return [...problems, ...accountClashes(`${field}.accounts`, setup.accounts)]
  return referenceProblems(field, setup)
}

/** What is wrong between fields that are right by themselves. */
export function referenceProblems(field: string, setup: Setup): string[] {
  const {
    profile = defaultProfile,
    accounts = oneAccount,
    limits = {},
    faults,
  } = setup as { profile?: string; accounts?: readonly AccountSpec[]; limits?: object; faults?: unknown }
  const models = [...new Set([...Object.keys(profiles[profile]!.models), ...Object.keys(limits)])]
  const names = accounts.map(({ name }) => name)
  return [
    ...accountClashes(`${field}.accounts`, accounts),
    ...accountsCheck(oneOf(models))(`${field}.accounts`, accounts),
    ...optional(faultsCheck({ models, accounts: names }))(`${field}.faults`, faults),
  ]
}

/** A speed of simulated time; 0: it stands still. */
export const speedCheck: Check = (field, value) => {
  const problem = speedProblem(field, value)
  return problem ? [problem] : []
}
