import { isPath, pathPattern } from '../../src/checks/path.ts'
import {
  about,
  anyText,
  flag,
  isObject,
  number,
  object,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
  text,
} from '../../src/checks/shape.ts'
import { keyText } from '../../src/scenario/accounts.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { givenProfile } from '../profiles/profiles.ts'
import { defaultHost, defaultMaxBodyBytes, defaultPort, defaultProfile, defaultSpeed } from '../setup/defaults.ts'
import { setupFields, speedShape, withReferences } from '../setup/mock-setup.ts'

/** A TCP port. 0 means any free port. */
export const portShape = number({ atLeast: 0, atMost: 65_535, whole: true })

const logTarget: Shape<boolean | string> = shapeOf(
  (field, value) => (typeof value === 'string' ? text(field, value) : flag(field, value)),
  (refer) => ({ anyOf: [flag.schema(refer), text.schema(refer)] }),
)

/** A profile, or the path of a file from which the command loads it. */
const profileOrPath: Shape<string | Profile> = shapeOf(
  (field, value) => (typeof value === 'string' && isPath(value) ? [] : givenProfile(field, value)),
  (refer) => ({ anyOf: [givenProfile.schema(refer), { type: 'string', pattern: pathPattern.source }] }),
)

/** The config of `ratelab serve`, which comes from a file and from the flags of the command line. It checks each field by itself. */
export const serveConfigShape = object({
  $schema: about(optional(anyText), 'The URL of this schema, for editors. ratelab ignores it.'),
  ...setupFields,
  profile: about(
    optional(profileOrPath, defaultProfile),
    'The profile, which gives limits, prices and spellings: the name of a built-in one, the path of a file with a profile, counted from the folder of this file, or a profile itself.',
  ),
  speed: optional(speedShape, defaultSpeed),
  port: about(optional(portShape, defaultPort), 'The port on which the server listens. 0 means any free port.'),
  host: about(optional(text, defaultHost), 'The address on which the server listens.'),
  maxBodyBytes: about(
    optional(number({ atLeast: 1, atMost: 2 ** 30, whole: true }), defaultMaxBodyBytes),
    'The length of the longest request body that is read, in bytes.',
  ),
  controlToken: about(
    optional(keyText),
    'The token that every caller of the control plane must send. Default: none; only callers on this machine may use it.',
  ),
  accessLog: about(
    optional(logTarget, false),
    'Where the server writes one JSON line for each request. true: to standard error. A text: to the file of this name. false: nowhere.',
  ),
})

/** A config of `ratelab serve`. */
export type ServeConfig = TypeOf<typeof serveConfigShape>

/** Returns a sentence for each problem with a config, which names the path of the field. A value without problems is a `ServeConfig`. */
export function configProblems(config: unknown): string[] {
  const problems = serveConfigShape('config', config)
  return isObject(config) ? withReferences(problems, 'config', config) : problems
}
