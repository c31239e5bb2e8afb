import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import { type Check, flag, isObject, number, object, oneOf, optional, text } from '../../src/core/shape.ts'
import type { AccountSpec, Switches } from '../../src/core/world.ts'
import { faultsCheck } from '../fault-problems.ts'
import { profiles } from '../profiles/profiles.ts'
import type { FaultSpec } from '../wire/fault-plan.ts'
import { type WireSwitches, wireSwitchNames, wireSwitchProblem } from '../wire/wire-switches.ts'
import { accountClashes, accountsCheck, chosenCheck, limitsByModel, switchesCheck } from '../world-problems.ts'

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
export const speedCheck: Check = number({ atLeast: 0, atMost: 1_000_000 })
export const seedCheck: Check = number({ atLeast: 0, atMost: 2 ** 32, whole: true })

const shape = object<ServeConfig>({
  $schema: optional((field, value) =>
    typeof value === 'string' ? [] : [`Expected \`${field}\` to be a text, got ${show(value)}`],
  ),
  profile: optional(oneOf(Object.keys(profiles))),
  accounts: optional(accountsCheck(text)),
  limits: optional(limitsByModel(text)),
  switches: optional(switchesCheck),
  wire: optional(chosenCheck(wireSwitchNames, wireSwitchProblem)),
  faults: optional(faultsCheck()),
  seed: optional(seedCheck),
  speed: optional(speedCheck),
  port: optional(portCheck),
  host: optional(text),
  maxBodyBytes: optional(number({ atLeast: 1, atMost: 2 ** 30, whole: true })),
  controlToken: optional(text),
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
  return referenceProblems(config as ServeConfig)
}

function referenceProblems({ profile = 'intl', accounts, limits = {}, faults }: ServeConfig): string[] {
  const models = [...new Set([...Object.keys(profiles[profile]!.models), ...Object.keys(limits)])]
  const names = accounts ? accounts.map(({ name }) => name) : ['main']
  return [
    ...accountClashes('config.accounts', accounts),
    ...optional(accountsCheck(oneOf(models)))('config.accounts', accounts),
    ...optional(faultsCheck({ models, accounts: names }))('config.faults', faults),
  ]
}
