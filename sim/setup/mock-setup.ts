import { isPath } from '../../src/checks/path.ts'
import {
  about,
  byName,
  named,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
  text,
} from '../../src/checks/shape.ts'
import { accountsShape, anyReference } from '../../src/scenario/accounts.ts'
import { statedLimitsShape } from '../../src/scenario/limit-text.ts'
import { switchesShape } from '../../src/scenario/switches.ts'
import { givenProfile, profileOf } from '../profiles/profiles.ts'
import { speedProblem, speeds } from '../time/wall-timeline.ts'
import { faultsShape } from '../wire/handling/fault-spec.ts'
import { wireSwitchesShape } from '../wire/wire-switches.ts'
import { backgroundShape } from './background-shape.ts'
import { defaultProfile, defaultSeed, oneAccount } from './defaults.ts'
import { accountClashes } from './world-problems.ts'

/** The seed of a mock. */
export const seedShape = number({ atLeast: 0, atMost: 2 ** 32, whole: true })

/** The fields of a mock's setup that may change while it runs. */
const changeable = {
  accounts: about(
    optional(accountsShape(anyReference), oneAccount),
    'Main accounts. All keys of an account count against the same limits.',
  ),
  limits: about(
    optional(named('StatedLimitsByModel', byName(anyReference.model, statedLimitsShape))),
    'Limits by model, which replace those of the profile: a list, or a text such as rpm:600,tpm:1000000/60s. An empty list means no limit. A model that is not in the profile is added to it.',
  ),
  background: about(
    optional(backgroundShape(anyReference)),
    'Other users of the accounts, from the start on, and again from each change of them or of the accounts. Default: nobody else uses them.',
  ),
  switches: about(optional(switchesShape), 'Behaviours of the provider that are not established, or that vary.'),
  wire: about(
    optional(wireSwitchesShape),
    'Behaviours of the wire that are not established, or that vary. They change how replies are written, not what is decided.',
  ),
  faults: about(
    optional(faultsShape(anyReference)),
    'The fault plan: a list of faults and of the requests on which they act. When several faults are due for a request, the first in the list acts. Default: no faults.',
  ),
}

/** The part of a mock's setup that may change while it runs. Every field has a default. */
export type MockSetup = TypeOf<typeof changeableShape>
const changeableShape = object(changeable)

/** The shapes of the fields of a mock's setup. */
export const setupFields = {
  profile: about(
    optional(givenProfile, defaultProfile),
    'The profile, which gives limits, prices and spellings: the name of a built-in one, or a profile itself.',
  ),
  ...changeable,
  seed: about(optional(seedShape, defaultSeed), 'The seed of all random numbers.'),
}

const setupShape = object(setupFields)
type Setup = TypeOf<typeof setupShape>
type Unchecked = { readonly [K in keyof Setup]?: unknown }

/** Returns a sentence for each problem with a mock's setup, which names the path of the field. */
export function setupProblems(field: string, setup: Unchecked): string[] {
  return withReferences(setupShape(field, setup), field, setup)
}

/**
 * Returns the problems that a shape has found, and the problems between fields. When the shape has found problems, names of accounts
 * and models are not checked, since they may refer to a field that is wrong itself. Only accounts are then compared with each other.
 */
export function withReferences(problems: readonly string[], field: string, setup: Unchecked): string[] {
  if (problems.length > 0) return [...problems, ...accountClashes(`${field}.accounts`, setup.accounts)]
  const { profile = defaultProfile, accounts = oneAccount, limits = {}, background, faults } = setup as Setup
  const account = oneOf(accounts.map(({ name }) => name))
  // The models of a profile that is given as a path are not known before the file is loaded.
  const isLoaded = typeof profile !== 'string' || !isPath(profile)
  const model = isLoaded
    ? oneOf([...new Set([...Object.keys(profileOf(profile).models), ...Object.keys(limits)])])
    : text
  const references = { account, model }
  return [
    ...accountClashes(`${field}.accounts`, accounts),
    ...accountsShape(references)(`${field}.accounts`, accounts),
    ...optional(backgroundShape(references))(`${field}.background`, background),
    ...optional(faultsShape(references))(`${field}.faults`, faults),
  ]
}

/** The speed of simulated time. */
export const speedShape: Shape<number> = about(
  shapeOf(
    (field, value) => {
      const problem = speedProblem(field, value)
      return problem === undefined ? [] : [problem]
    },
    (refer) => ({ anyOf: [{ const: 0 }, number(speeds).schema(refer)] }),
  ),
  'The speed of simulated time: simulated milliseconds in one real millisecond. 0 pauses simulated time.',
)

/** A setup with the defaults filled in. */
export function completeSetup({
  limits = {},
  accounts = oneAccount,
  background = [],
  switches = {},
  wire = {},
  faults = [],
}: MockSetup): Required<MockSetup> {
  return { limits, accounts, background, switches, wire, faults }
}
