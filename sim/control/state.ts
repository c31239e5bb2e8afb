import type { Millis } from '../../src/core/clock.ts'
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
import type { State } from './replies.ts'

/** Whether time follows the wall clock. Such time can be paused, moved forward and made faster or slower. */
export function isWallTimeline(timeline: Timeline): timeline is WallTimeline {
  return 'setSpeed' in timeline
}

/** Returns the state of a mock at the present instant, as plain JSON. Keys are redacted. */
export function stateOf(mock: Mock): State {
  const { timeline, profile, setup, provider, seed } = mock
  const now = timeline.now()
  return {
    profile: profile.name,
    title: profile.title,
    currency: profile.currency,
    seed,
    clock: clockOf(timeline, now),
    requests: loadOf(mock, () => true),
    switches: [
      ...switchRows(switchTable, switchesOf(setup.switches)),
      ...switchRows(wireSwitchTable, wireSwitchesOf(setup.wire)),
    ],
    faults: setup.faults,
    accounts: setup.accounts.map((spec) => accountState(mock, spec, provider.accounts.get(spec.name)!, now)),
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

function accountState(mock: Mock, spec: AccountSpec, account: Account, now: Millis): State['accounts'][number] {
  const { name, keys, workspaces = [] } = spec
  return {
    name,
    keys: keys.map(redactedKey),
    workspaces: workspaces.map((each) => ({ name: each.name, keys: each.keys.map(redactedKey) })),
    billing: account.wallet.billing(),
    spent: account.wallet.spent(),
    requests: loadOf(mock, (record) => record.account === name),
    models: account.opened().map(({ model, workspace }) => ({
      model,
      workspace: workspace ?? null,
      standing: account.wallet.state(model),
      freeLeft: account.wallet.freeLeft(model),
      requests: loadOf(mock, (record) => record.account === name && record.model === model),
      ...quotaState(account.quota(model, workspace)!, now),
    })),
  }
}

function quotaState(quota: CountedQuota, now: Millis) {
  const { retryAfter = 0 } = quota.limiter.check({ requests: 1, tokens: 1 }, now) ?? {}
  return { ...admissionAfter(retryAfter, now), windows: quota.levels(now).map((level) => windowState(level, now)) }
}

function windowState({ rule, unit, limit, window, used, retryAfter, phase }: Level, now: Millis) {
  const grid = phase === undefined ? {} : { phase }
  return { rule, unit, limit, window, used, fill: used / limit, ...grid, ...admissionAfter(retryAfter, now) }
}

/** Returns the instant after a wait, and the wait. Both are null for a wait that never ends. */
function admissionAfter(retryAfter: Millis, now: Millis) {
  const never = retryAfter === Infinity
  return { admitsAt: never ? null : isoTime(now + retryAfter), admitsAfterMs: never ? null : retryAfter }
}

/** Counts the requests that are being served, and those that wait for a decision because the queue or a fault holds them. */
export function loadOf({ underWay }: Mock, isCounted: (record: RequestRecord) => boolean) {
  const counted = [...underWay].filter(isCounted)
  const waiting = counted.filter(({ verdict, error }) => verdict === undefined && error === undefined).length
  return { inFlight: counted.length - waiting, waiting }
}
