import type { ServeConfig } from '../../sim/config/serve-config.ts'
import { billingOf } from '../../sim/provider/billing.ts'
import { defaultSeed, defaultSpeed } from '../../sim/setup/defaults.ts'
import { wireSwitchTable } from '../../sim/wire/wire-switches.ts'
import { shellWord } from '../../src/checks/shell-word.ts'
import { harmlessJson } from '../../src/core/printable.ts'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { wrap } from '../../src/report/terminal/grid.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import { limitsText } from '../../src/scenario/limit-text.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { aboutSwitch, type SwitchTable } from '../../src/scenario/switch-table.ts'
import { switchTable } from '../../src/scenario/switches.ts'

/** The facts that the start-up card shows. */
export interface ServeFacts {
  /** The origin as a client on this machine writes it, such as `http://127.0.0.1:8420`. */
  readonly origin: string
  readonly port: number
  readonly config: ServeConfig
  /** The profile with the limits that are in force. */
  readonly profile: Profile
  readonly accounts: readonly AccountSpec[]
  /** Whether the card also shows snapshots of models, such as `qwen3-max-preview`. */
  readonly isVerbose: boolean
  /** Sentences that warn the user or explain something. */
  readonly notes: readonly string[]
}

/** Returns the base URL for each family of clients. */
export function baseUrls(origin: string) {
  return {
    openai: `${origin}/compatible-mode/v1`,
    dashscope: `${origin}/api/v1`,
    anthropic: `${origin}/apps/anthropic`,
    responses: `${origin}/compatible-mode/v1/responses`,
    batch: `${origin}/batch/compatible-mode/v1`,
  }
}

/** Returns the start-up card as text for people, in lines of at most `width` columns. The code to copy has lines of its own length. */
export function serveCard(facts: ServeFacts, width: number): string {
  const { origin, config, profile, accounts, notes } = facts
  const { speed = defaultSpeed, seed = defaultSeed } = config
  const urls = baseUrls(origin)
  const key = accounts[0]!.keys[0]!
  const model = Object.keys(profile.models)[0]!
  const pace = speed === 0 ? 'time is paused' : speed === 1 ? 'real time' : `${speed} times real time`
  return [
    ...wrap(`ratelab: a mock DashScope listens on ${origin} (${profile.title}, ${pace}, seed ${seed})`, width),
    '',
    ...alignedRows(
      [
        ['OpenAI SDKs', urls.openai, 'base_url; chat, completions, embeddings, models'],
        ['DashScope SDKs', urls.dashscope, 'DASHSCOPE_HTTP_BASE_URL'],
        ['Anthropic SDKs', urls.anthropic, 'ANTHROPIC_BASE_URL'],
        ['Responses API', urls.responses, 'POST'],
        ['Batch Chat', urls.batch, 'base_url; chat at half the price, after up to an hour'],
        ['Control', `${origin}/_ratelab/state`, 'also journal, metrics, healthz, openapi.json'],
      ],
      width,
    ),
    '',
    'Keys',
    ...alignedRows(
      accounts.map((account) => [account.name, keysText(account), accountStateText(account)]),
      width,
    ),
    '',
    'Limits of each account',
    ...alignedRows(
      shownModels(facts).map(([name, { limits }]) => [name, limits.map(limitsText).join(' · ') || 'none']),
      width,
    ),
    ...changedSettings(config, width),
    '',
    ...wrap(assumptionHeading, width),
    ...wrap(assumptions(config).join(' '), width - 2).map((line) => `  ${line}`),
    ...(notes.length > 0 ? ['', ...notes.flatMap((note) => wrap(`Note: ${note}`, width))] : []),
    '',
    'Try it:',
    `  curl ${urls.openai}/chat/completions \\`,
    `    -H ${shellWord(`Authorization: Bearer ${key}`)} \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d ${shellWord(harmlessJson({ model, messages: [{ role: 'user', content: 'Hello' }] }))}`,
    '',
    '  from openai import OpenAI',
    `  client = OpenAI(base_url="${urls.openai}", api_key=${harmlessJson(key)})`,
    '  client.chat.completions.create(',
    `      model=${harmlessJson(model)}, messages=[{"role": "user", "content": "Hello"}]`,
    '  )',
    '',
  ].join('\n')
}

const assumptionHeading =
  'Assumptions about what the documentation leaves open (--set changes them, ratelab list --settings explains them):'

/** Returns the start-up card for programs: one line of JSON. */
export function serveCardJson({ origin, port, config, profile, accounts, notes }: ServeFacts): string {
  const { speed = defaultSpeed, seed = defaultSeed } = config
  const keys = Object.fromEntries(accounts.map(({ name, keys }) => [name, keys]))
  const limits = Object.fromEntries(Object.entries(profile.models).map(([name, row]) => [name, row.limits]))
  const card = { origin, port, pid: process.pid, profile: profile.name, speed, seed, baseUrls: baseUrls(origin) }
  return `${harmlessJson({ ...card, control: `${origin}/_ratelab`, keys, limits, notes })}\n`
}

function shownModels({ config, profile, isVerbose }: ServeFacts) {
  const isSnapshot = (name: string) => /-(\d{4}-\d{2}-\d{2}|latest|preview)$/.test(name)
  const isShown = (name: string) => isVerbose || !isSnapshot(name) || Object.hasOwn(config.limits ?? {}, name)
  return Object.entries(profile.models).filter(([name]) => isShown(name))
}

/** Returns the first three keys and the number of the others. */
function keysText({ keys }: AccountSpec): string {
  const shown = keys.slice(0, 3).join(', ')
  return keys.length > 3 ? `${shown} and ${keys.length - 3} more` : shown
}

function accountStateText(account: AccountSpec) {
  const { freeTokens, payable, arrears, stopWhenFreeIsUsed } = billingOf(account)
  return [
    freeTokens > 0 ? `${freeTokens.toLocaleString('en-US')} free tokens a model` : '',
    stopWhenFreeIsUsed ? 'stops when they are used' : '',
    payable ? '' : 'cannot be billed',
    arrears ? 'in arrears' : '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** Returns the lines for switches that differ from their defaults, and for the numbers of other users and of faults. */
function changedSettings(
  { switches = {}, wire = {}, background = [], faults = [] }: ServeConfig,
  width: number,
): string[] {
  const changedIn = (table: SwitchTable, values: object) =>
    Object.entries(values).flatMap(([name, value]) => {
      const row = table[name]!
      if (row.default === value) return []
      return [[name, String(value), `instead of ${row.default}: ${aboutSwitch(row)}`] as const]
    })
  const changed = [...changedIn(switchTable, switches), ...changedIn(wireSwitchTable, wire)]
  const others = background.length === 0 ? [] : ['', `Background: ${background.length} in the config`]
  const plan = faults.length === 0 ? [] : ['', `Faults: ${faults.length} in the plan`]
  return [
    ...(changed.length > 0 ? ['', 'Switches that differ from the defaults', ...alignedRows(changed, width)] : []),
    ...others,
    ...plan,
  ]
}

function assumptions({ switches = {}, wire = {} }: ServeConfig): string[] {
  const assumedIn = (table: SwitchTable, values: Readonly<Record<string, unknown>>) =>
    Object.entries(table)
      .filter(([, { label }]) => label === 'assumption')
      .map(([name, row]) => `${name}=${values[name] ?? row.default}`)
  return [...assumedIn(switchTable, switches), ...assumedIn(wireSwitchTable, wire)]
}
