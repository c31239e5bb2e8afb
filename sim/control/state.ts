import type { Millis } from '../../src/core/clock.ts'
import { isoTime } from '../../src/core/system-clock.ts'
import type { AccountSpec } from '../../src/scenario/world.ts'
import type { Mock } from '../mock/mock.ts'
import type { Account } from '../provider/account.ts'
import type { CountedQuota } from '../provider/counted-quota.ts'
import type { Level } from '../provider/counters.ts'
import { switchesOf, switchTable } from '../switches/provider-switches.ts'
import type { SwitchRow } from '../switches/switch-table.ts'
import { wireSwitchesOf, wireSwitchTable } from '../switches/wire-switches.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { WallTimeline } from '../time/wall-timeline.ts'
import { type RequestRecord, redactedKey } from '../wire/request-record.ts'

/** Whether time can be sped up, stopped and moved. */
export function isWall(timeline: Timeline): timeline is WallTimeline {
  return 'setSpeed' in timeline
}

/** Everything there is to see of a mock at one instant, as plain JSON: no key in full, null for never. */
export function stateOf(mock: Mock): object {
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

function clockOf(timeline: Timeline, now: Millis): object {
  const speed = isWall(timeline) ? timeline.speed() : null
  return { now: isoTime(now), ms: now, speed, paused: speed === 0 }
}

function switchRows(table: Readonly<Record<string, SwitchRow<unknown>>>, values: object): object[] {
  return Object.entries(values).map(([name, value]) => {
    const { label, about, default: usual } = table[name]!
    return { name, value, default: usual, label, about }
  })
}

function accountState(mock: Mock, spec: AccountSpec, account: Account, now: Millis): object {
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

function quotaState(quota: CountedQuota, now: Millis): object {
  const { retryAfter = 0 } = quota.limiter.check({ requests: 1, tokens: 1 }, now) ?? {}
  return { ...passing(retryAfter, now), windows: quota.levels(now).map((level) => windowState(level, now)) }
}

function windowState({ rule, unit, limit, window, used, retryAfter }: Level, now: Millis): object {
  return { rule, unit, limit, window, used, fill: used / limit, ...passing(retryAfter, now) }
}

/** When a request of one token would pass if nobody else were admitted. */
function passing(retryAfter: Millis, now: Millis): object {
  const never = retryAfter === Infinity
  return { admitsAt: never ? null : isoTime(now + retryAfter), admitsAfterMs: never ? null : retryAfter }
}

/** How many requests are being served, and how many wait for a decision: held in the server's queue or by a fault. */
export function loadOf({ underWay }: Mock, isCounted: (record: RequestRecord) => boolean) {
  const counted = [...underWay].filter(isCounted)
  const waiting = counted.filter(({ verdict, error }) => verdict === undefined && error === undefined).length
  return { inFlight: counted.length - waiting, waiting }
}
