import type { Millis } from '../../src/core/clock.ts'
import { instantAfter } from '../../src/core/last-instant.ts'
import { redactedKey } from '../../src/core/redaction.ts'
import { isoTime } from '../../src/core/system-clock.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import { aboutSwitch, type SwitchRow, type SwitchTable } from '../../src/scenario/switch-table.ts'
import { switchesOf, switchTable } from '../../src/scenario/switches.ts'
import type { Mock } from '../mock/mock.ts'
import type { Account } from '../provider/account.ts'
import type { CountedQuota } from '../provider/counted-quota.ts'
import type { Level } from '../provider/counters.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { WallTimeline } from '../time/wall-timeline.ts'
import type { RequestRecord } from '../wire/request-record.ts'
import { wireSwitchesOf, wireSwitchTable } from '../wire/wire-switches.ts'
import { accountsShown, modelsShown, type State } from './replies.ts'

/** Whether time follows the wall clock. Such time can be paused, moved forward and made faster or slower. */
export function isWallTimeline(timeline: Timeline): timeline is WallTimeline {
  return 'setSpeed' in timeline
}

/**
 * Returns the state of a mock at the present instant, as plain JSON: with this account, or with the first accounts if none is named. Keys are
 * redacted.
 */
export function stateOf(mock: Mock, account?: string): State {
  const { timeline, profile, setup, provider, seed } = mock
  const now = timeline.now()
  const loads = loadsOf(mock)
  let room = modelsShown
  const shown =
    account === undefined
      ? setup.accounts.slice(0, accountsShown)
      : setup.accounts.filter(({ name }) => name === account)
  return {
    profile: profile.name,
    title: profile.title,
    currency: profile.currency,
    seed,
    clock: clockOf(timeline, now),
    requests: loads(),
    switches: [
      ...switchRows(switchTable, switchesOf(setup.switches)),
      ...switchRows(wireSwitchTable, wireSwitchesOf(setup.wire)),
    ],
    faults: setup.faults,
    background: setup.background,
    accounts: shown.map((spec) => {
      const state = accountState(spec, provider.accounts.get(spec.name)!, loads, now, room)
      room -= state.models.length
      return state
    }),
    accountsLeftOut: setup.accounts.length - shown.length,
  }
}

function clockOf(timeline: Timeline, now: Millis): State['clock'] {
  const speed = isWallTimeline(timeline) ? timeline.speed() : null
  return { now: isoTime(now), ms: now, speed, paused: speed === 0 }
}

function switchRows(table: SwitchTable, values: Readonly<Record<string, SwitchRow['default']>>): State['switches'] {
  return Object.entries(table).map(([name, row]) => {
    return { name, value: values[name]!, default: row.default, label: row.label, about: aboutSwitch(row) }
  })
}

/** The state of an account with at most `room` of its models. */
function accountState(spec: AccountSpec, account: Account, loads: Loads, now: Millis, room: number) {
  const { name, keys, workspaces = [] } = spec
  const opened = account.opened()
  const shown = opened.slice(0, room)
  return {
    name,
    keys: keys.map(redactedKey),
    workspaces: workspaces.map((each) => ({ name: each.name, keys: each.keys.map(redactedKey) })),
    billing: account.wallet.billing(),
    spent: account.wallet.spent(),
    requests: loads(name),
    models: shown.map(({ model, workspace }) => ({
      model,
      workspace: workspace ?? null,
      standing: account.wallet.state(model),
      freeLeft: account.wallet.freeLeft(model),
      requests: loads(name, model),
      ...quotaState(account.quota(model, workspace)!, now),
    })),
    modelsLeftOut: opened.length - shown.length,
  } satisfies State['accounts'][number]
}

function quotaState(quota: CountedQuota, now: Millis) {
  const { retryAfter = 0 } = quota.limiter.check({ requests: 1, tokens: 1 }, now) ?? {}
  return { ...admissionAfter(retryAfter, now), windows: quota.levels(now).map((level) => windowState(level, now)) }
}

function windowState({ retryAfter, ...level }: Level, now: Millis) {
  return { ...level, fill: level.used / level.limit, ...admissionAfter(retryAfter, now) }
}

/** Returns the date after a wait, and the wait. Both are null for a wait that never ends. */
function admissionAfter(retryAfter: Millis, now: Millis) {
  const at = instantAfter(now, retryAfter)
  return at === null ? { admitsAt: null, admitsAfterMs: null } : { admitsAt: isoTime(at), admitsAfterMs: retryAfter }
}

/** Returns the load of an account and a model, of all models of an account, or of the whole mock. */
type Loads = (account?: string, model?: string) => State['requests']

/**
 * Counts the requests that are being served, and those that wait for a decision because the queue or a fault holds them. They are grouped once,
 * since a mock can have many accounts and models, and many requests at the same time.
 */
export function loadsOf({ underWay }: Mock): Loads {
  const byAccount = Map.groupBy(underWay, ({ account }) => account)
  const byModel = new Map(
    [...byAccount].map(([account, ofAccount]) => [account, Map.groupBy(ofAccount, (each) => each.model)]),
  )
  return (account, model) => {
    if (account === undefined) return loadOf([...underWay])
    return loadOf((model === undefined ? byAccount.get(account) : byModel.get(account)?.get(model)) ?? [])
  }
}

function loadOf(requests: readonly RequestRecord[]): State['requests'] {
  const waiting = requests.filter(({ verdict, error }) => verdict === undefined && error === undefined).length
  return { inFlight: requests.length - waiting, waiting }
}
