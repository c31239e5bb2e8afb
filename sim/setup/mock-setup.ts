import {
  about,
  named,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
} from '../../src/checks/shape.ts'
import { accountsShape, anyReference, limitsByModel } from '../../src/scenario/accounts.ts'
import { switchesShape } from '../../src/scenario/switches.ts'
import { profiles } from '../profiles/profiles.ts'
import { speedProblem, speeds } from '../time/wall-timeline.ts'
import { faultsShape } from '../wire/handling/fault-spec.ts'
import { wireSwitchesShape } from '../wire/wire-switches.ts'
import { defaultProfile, defaultSeed, oneAccount } from './defaults.ts'
import { accountClashes } from './world-problems.ts'

export const seedShape = number({ atLeast: 0, atMost: 2 ** 32, whole: true })

/** The fields of a mock's setup that may change while it runs. */
const changeable = {
  accounts: about(
    optional(accountsShape(anyReference), oneAccount),
    'Main accounts. Limits are summed over all keys of an account.',
  ),
  limits: about(
    optional(named('LimitsByModel', limitsByModel(anyReference.model))),
    'Limits in place of the profile’s, by model. An empty list means no limit. A model that the profile lacks is added to it.',
  ),
  switches: about(optional(switchesShape), 'Behaviours of the provider that are not established, or that vary.'),
  wire: about(
    optional(wireSwitchesShape),
    'Behaviours of the wire that are not established, or that vary. They change spellings, never decisions.',
  ),
  faults: about(
    optional(faultsShape(anyReference)),
    'The fault plan: what is to go wrong, with which requests. The first fault whose time has come strikes a request. Default: nothing goes wrong.',
  ),
}

/** The part of a mock's setup that may change while it runs. Every field has a default. */
export type MockSetup = TypeOf<typeof changeableShape>
const changeableShape = object(changeable)

/** The fields of a mock's setup, each by itself. */
export const setupFields = {
  profile: about(
    optional(oneOf(Object.keys(profiles)), defaultProfile),
    'The profile whose limits, prices and spellings hold.',
  ),
  ...changeable,
  seed: about(optional(seedShape, defaultSeed), 'The number from which all chance follows.'),
}

const setupShape = object(setupFields)
type Setup = TypeOf<typeof setupShape>
type Unchecked = { readonly [K in keyof Setup]?: unknown }

/** Every problem of a mock's setup, each a sentence that names its path. */
export function setupProblems(field: string, setup: Unchecked): string[] {
  return withReferences(setupShape(field, setup), field, setup)
}

/**
 * The problems that a shape has found, and those between the fields. References into something that is itself wrong
 * would only repeat what has been said: then only accounts are compared with each other.
 */
export function withReferences(problems: readonly string[], field: string, setup: Unchecked): string[] {
  if (problems.length > 0) return [...problems, ...accountClashes(`${field}.accounts`, setup.accounts)]
  const { profile = defaultProfile, accounts = oneAccount, limits = {}, faults } = setup as Setup
  const models = [...new Set([...Object.keys(profiles[profile]!.models), ...Object.keys(limits)])]
  const references = { account: oneOf(accounts.map(({ name }) => name)), model: oneOf(models) }
  return [
    ...accountClashes(`${field}.accounts`, accounts),
    ...accountsShape(references)(`${field}.accounts`, accounts),
    ...optional(faultsShape(references))(`${field}.faults`, faults),
  ]
}

export const speedShape: Shape<number> = about(
  shapeOf(
    (field, value) => {
      const problem = speedProblem(field, value)
      return problem === undefined ? [] : [problem]
    },
    (refer) => ({ anyOf: [{ const: 0 }, number(speeds).schema(refer)] }),
  ),
  'How many simulated milliseconds pass in a real one. 0 pauses simulated time.',
)

/** A setup with the defaults filled in. */
export function completeSetup({
  limits = {},
  accounts = oneAccount,
  switches = {},
  wire = {},
  faults = [],
}: MockSetup): Required<MockSetup> {
  return { limits, accounts, switches, wire, faults }
}
