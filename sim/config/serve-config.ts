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
import { defaultHost, defaultMaxBodyBytes, defaultPort, defaultSpeed } from '../setup/defaults.ts'
import { setupFields, speedShape, withReferences } from '../setup/mock-setup.ts'

export const portShape = number({ atLeast: 0, atMost: 65_535, whole: true })

const logTarget: Shape<boolean | string> = shapeOf(
  (field, value) => (typeof value === 'string' ? text(field, value) : flag(field, value)),
  (refer) => ({ anyOf: [flag.schema(refer), text.schema(refer)] }),
)

/** The config of `ratelab serve`, which a file and the flags of the command line give: the shape of each field by itself. */
export const serveConfigShape = object({
  $schema: about(optional(anyText), 'The address of this schema, for editors. ratelab does not read it.'),
  ...setupFields,
  speed: optional(speedShape, defaultSpeed),
  port: about(optional(portShape, defaultPort), 'The port on which it listens. 0 takes any free port.'),
  host: about(optional(text, defaultHost), 'The address on which it listens.'),
  maxBodyBytes: about(
    optional(number({ atLeast: 1, atMost: 2 ** 30, whole: true }), defaultMaxBodyBytes),
    'The longest body of a request that is read, in bytes.',
  ),
  controlToken: about(
    optional(keyText),
    'The token with which another machine may use the control interface. Default: no other machine may.',
  ),
  accessLog: about(
    optional(logTarget, false),
    'Where to write one JSON line for each request: true for standard error, a text for the file of that name, false for nowhere.',
  ),
})

export type ServeConfig = TypeOf<typeof serveConfigShape>

/** Every problem with a config, each a sentence that names its path. A value without problems is a `ServeConfig`. */
export function configProblems(config: unknown): string[] {
  const problems = serveConfigShape('config', config)
  return isObject(config) ? withReferences(problems, 'config', config) : problems
}
