import { readSwitch } from '../../lab/settings.ts'
import { portShape, type ServeConfig } from '../../sim/config/serve-config.ts'
import { givenProfile } from '../../sim/profiles/profiles.ts'
import { seedShape, speedShape } from '../../sim/setup/mock-setup.ts'
import { accountClashes } from '../../sim/setup/world-problems.ts'
import { wireSwitchTable } from '../../sim/wire/wire-switches.ts'
import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { text } from '../../src/checks/shape.ts'
import { kindOf, show } from '../../src/core/expect.ts'
import { keyText } from '../../src/scenario/accounts.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { SwitchTable } from '../../src/scenario/switch-table.ts'
import { switchTable } from '../../src/scenario/switches.ts'
import { checking, limitsOf, numeral, speedOf } from '../flags/flag-reading.ts'

/** The flags of `ratelab serve`, as they were typed. */
export interface ServeFlags {
  readonly config?: string
  /** The name of a profile, or a profile that is loaded. */
  readonly profile?: string | Profile
  readonly modelLimit: readonly string[]
  readonly account: readonly string[]
  readonly set: readonly string[]
  readonly speed?: string
  readonly seed?: string
  readonly port?: string
  readonly host?: string
  readonly accessLog?: true | string
  readonly controlToken?: string
}

/** The result of reading the flags. */
export interface FlagsRead {
  /** The fields that the flags give. Flags with a problem are left out. */
  readonly config: ServeConfig
  /** A sentence for each problem, which names the flag, its value and the values that it may have. */
  readonly problems: readonly string[]
}

/** Reads the flags as fields of a config, and collects every problem with them. */
export function readFlags(flags: ServeFlags): FlagsRead {
  const problems: string[] = []
  const checked = checking(problems)
  const config: ServeConfig = definedFields({
    profile: checked(givenProfile, '--profile', flags.profile),
    limits: limitsOf(flags.modelLimit, problems),
    accounts: accountsOf(flags.account, problems),
    ...switchesFrom(flags.set, problems),
    speed: checked(speedShape, '--speed', speedOf(flags.speed)),
    seed: checked(seedShape, '--seed', numeral(flags.seed)),
    port: checked(portShape, '--port', numeral(flags.port)),
    host: checked(text, '--host', flags.host),
    controlToken: checked(keyText, '--control-token', flags.controlToken),
    accessLog: flags.accessLog === true ? true : checked(text, '--access-log', flags.accessLog),
  })
  return { config, problems }
}

/** Merges two configs. A field of `changes` replaces that of `config`; in limits and switches, each model and switch is replaced separately. */
export function mergeConfigs(config: ServeConfig, changes: ServeConfig): ServeConfig {
  const merged = (['limits', 'switches', 'wire'] as const)
    .filter((name) => config[name] && changes[name])
    .map((name) => [name, { ...config[name], ...changes[name] }])
  return { ...config, ...changes, ...Object.fromEntries(merged) }
}

function definedFields(fields: { readonly [K in keyof ServeConfig]: ServeConfig[K] | undefined }): ServeConfig {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function accountsOf(typed: readonly string[], problems: string[]): ServeConfig['accounts'] | undefined {
  if (typed.length === 0) return undefined
  const accounts = typed.flatMap((each) => {
    const [, name = '', list = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? []
    const keys = list.split(',').map((key) => key.trim())
    if (name.trim() !== '' && keys.every((key) => key !== '')) {
      for (const problem of keys.flatMap((key) => keyText(`--account ${name}`, key))) problems.push(problem)
      return [{ name, keys: [...new Set(keys)] }]
    }
    problems.push(`Expected \`--account\` to be name=key or name=key1,key2, got ${kindOf(each)} that may be a key`)
    return []
  })
  for (const problem of accountClashes('--account', accounts)) problems.push(problem)
  return accounts
}

function switchesFrom(typed: readonly string[], problems: string[]): Pick<ServeConfig, 'switches' | 'wire'> {
  const values: { -readonly [K in keyof typeof tables]?: Record<string, unknown> } = {}
  for (const each of typed) {
    const at = each.indexOf('=')
    const name = each.slice(0, Math.max(0, at))
    const kind = kinds.find((kind) => Object.hasOwn(tables[kind], name))
    if (!kind) {
      const known = kinds.flatMap((kind) => Object.keys(tables[kind]))
      const hint = at < 1 ? '' : didYouMean(name, known)
      problems.push(
        `Expected \`--set\` to be switch=value (ratelab list --settings shows the switches), got ${show(each)}${hint}`,
      )
      continue
    }
    const read = readSwitch(tables[kind][name]!, `--set ${name}`, each.slice(at + 1))
    for (const problem of read.problems) problems.push(problem)
    if (read.problems.length === 0) values[kind] = { ...values[kind], [name]: read.value }
  }
  return values
}

/** The tables of switches, by the name of their field in a config. */
const tables: Readonly<Record<'switches' | 'wire', SwitchTable>> = { switches: switchTable, wire: wireSwitchTable }
const kinds = ['switches', 'wire'] as const
