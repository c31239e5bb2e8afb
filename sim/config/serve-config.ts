import { type Check, flag, isObject, number, object, optional, text } from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec, Switches } from '../../src/scenario/world.ts'
import { sendable } from '../setup/key-problems.ts'
import { referenceProblems, setupChecks, speedCheck } from '../setup/setup-problems.ts'
import { accountClashes } from '../setup/world-problems.ts'
import type { WireSwitches } from '../switches/wire-switches.ts'
import type { FaultSpec } from '../wire/handling/fault-plan.ts'

/** What `ratelab serve` is told, by a file or by flags. `serve.schema.json` describes the same. */
export interface ServeConfig {
  /** For editors; ratelab does not read it. */
  readonly $schema?: string
  /** Default `intl`. */
  readonly profile?: string
  /** Default: one account `main` with the key `sk-ratelab`. */
  readonly accounts?: readonly AccountSpec[]
  /** In place of the profile's, by model; an empty list is no limit at all. A model that the profile lacks is added. */
  readonly limits?: Readonly<Record<string, readonly Limit[]>>
  readonly switches?: Partial<Switches>
  readonly wire?: Partial<WireSwitches>
  readonly faults?: readonly FaultSpec[]
  /** Default 1. */
  readonly seed?: number
  /** Simulated milliseconds a real one. Default 1; 0: paused. */
  readonly speed?: number
  /** Default 8420; 0: any free one. */
  readonly port?: number
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** The longest body that is read. Default 20 MiB. */
  readonly maxBodyBytes?: number
  /** Who may use the control interface from another machine. Absent: nobody. */
  readonly controlToken?: string
  /** One JSON line a request: `true` for standard error, a text for a file. Default off. */
  readonly accessLog?: boolean | string
}

export const portCheck: Check = number({ atLeast: 0, atMost: 65_535, whole: true })

const shape = object<ServeConfig>({
  $schema: optional((field, value) =>
    typeof value === 'string' ? [] : [`Expected \`${field}\` to be a text, got ${show(value)}`],
  ),
  ...setupChecks,
  speed: optional(speedCheck),
  port: optional(portCheck),
  host: optional(text),
  maxBodyBytes: optional(number({ atLeast: 1, atMost: 2 ** 30, whole: true })),
  controlToken: optional(sendable),
  accessLog: optional((field, value) => (typeof value === 'string' ? text(field, value) : flag(field, value))),
})

/** What is wrong with each field by itself: what the schema can say, too. */
export function shapeProblems(config: unknown): string[] {
  return shape('config', config)
}

/** Every problem, each a sentence that names its path; none: it is a `ServeConfig`. */
export function configProblems(config: unknown): string[] {
  const problems = shapeProblems(config)
  if (!isObject(config)) return problems
  // References into something that is itself wrong would only repeat what has been said.
  if (problems.length > 0) return [...problems, ...accountClashes('config.accounts', config.accounts)]
  return referenceProblems('config', config)
}
