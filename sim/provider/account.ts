import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { all, type Limiter } from '../limiters/limiter.ts'
import type { ModelRow, Profile } from '../profiles/profile.ts'
import { billingChanges, countingOf, isSame, workspaceLimitsOf } from './account-changes.ts'
import { type Wallet, wallet } from './billing.ts'
import { type Counters, counters, type Level } from './counters.ts'

/** One model's limits for one account: every key of the account is counted here. */
export interface CountedQuota {
  readonly row: ModelRow
  /** The account's limits, and the workspace's where the key belongs to one. */
  readonly limiter: Limiter
  /** What a rejected attempt is charged to, where rejects count. */
  chargeReject(now: Millis): void
  /** How full each limit is, the workspace's first. */
  levels(now: Millis): Level[]
}

export interface Account {
  readonly name: string
  readonly wallet: Wallet
  /** Undefined when the profile has no such model. */
  quota(model: string, workspace?: string): CountedQuota | undefined
  /** The account's own limits for a model, to be read and changed. Undefined when the profile has no such model. */
  limitsOf(model: string): Counters | undefined
  /** What a workspace is limited to beside the account's limits; undefined for no limit of its own. */
  workspaceLimits(workspace: string, model: string): readonly Limit[] | undefined
  /** Gives a workspace limits of its own for a model, or takes them away. */
  setWorkspaceLimits(workspace: string, model: string, limits: readonly Limit[] | undefined, now: Millis): void
  /**
   * What the account is from now on. Whatever stays as it was goes on counting, changes made meanwhile included: other limits of a
   * model replace those in force, another state of the money the one it has. Other switches of counting begin every window anew.
   */
  change(spec: AccountSpec, profile: Profile, switches: Switches, now: Millis): void
  /** The models that have been asked for, and by which workspaces. */
  opened(): readonly { readonly model: string; readonly workspace: string | undefined }[]
}

interface Opened {
  readonly model: string
  readonly workspace: string | undefined
  readonly quota: CountedQuota
}

export function account(initial: AccountSpec, initialProfile: Profile, initialSwitches: Switches): Account {
  let spec = initial
  let profile = initialProfile
  let switches = initialSwitches
  const money = wallet(spec)
  const whole = new Map<string, Counters>()
  const own = new Map<string, Counters>()
  const quotas = new Map<string, Opened>()
  for (const { workspace, model, limits } of workspaceLimitsOf(spec)) setOwn(workspace, model, limits, 0)

  function rowOf(model: string): ModelRow | undefined {
    return Object.hasOwn(profile.models, model) ? profile.models[model] : undefined
  }

  function setOwn(workspace: string, model: string, limits: readonly Limit[] | undefined, now: Millis): void {
    const name = pair(workspace, model)
    const counting = own.get(name)
    if (limits && counting) return counting.setLimits(limits, now)
    if (limits) own.set(name, counters(limits, switches, false))
    else own.delete(name)
    quotas.delete(name)
  }

  function changeLimits(before: Profile, now: Millis): void {
    for (const [model, counting] of whole) {
      const limits = rowOf(model)?.limits
      if (!limits) whole.delete(model)
      else if (!isSame(before.models[model]?.limits, limits)) counting.setLimits(limits, now)
    }
  }

  function changeWorkspaces(before: AccountSpec, now: Millis): void {
    const former = workspaceLimitsOf(before)
    const next = workspaceLimitsOf(spec)
    const limitsIn = (all: typeof next, { workspace, model }: (typeof next)[number]) =>
      all.find((each) => each.workspace === workspace && each.model === model)?.limits
    for (const each of former) if (!limitsIn(next, each)) setOwn(each.workspace, each.model, undefined, now)
    for (const each of next)
      if (!isSame(limitsIn(former, each), each.limits)) setOwn(each.workspace, each.model, each.limits, now)
  }

  function limitsOf(model: string): Counters | undefined {
    const known = whole.get(model)
    if (known) return known
    const row = rowOf(model)
    if (!row) return undefined
    const opened = counters(row.limits, switches, true)
    whole.set(model, opened)
    return opened
  }

  function open(model: string, workspace: string | undefined): CountedQuota | undefined {
    const row = rowOf(model)
    const account = limitsOf(model)
    if (!row || !account) return undefined
    const narrower = workspace === undefined ? undefined : own.get(pair(workspace, model))
    if (!narrower) return { row, ...account }
    return {
      row,
      limiter: all([narrower.limiter, account.limiter]),
      chargeReject(now) {
        narrower.chargeReject(now)
        account.chargeReject(now)
      },
      levels: (now) => [...narrower.levels(now), ...account.levels(now)],
    }
  }

  function quota(model: string, workspace?: string): CountedQuota | undefined {
    const name = workspace === undefined ? model : pair(workspace, model)
    const known = quotas.get(name)
    if (known) return known.quota
    const opened = open(model, workspace)
    if (opened) quotas.set(name, { model, workspace, quota: opened })
    return opened
  }

  return {
    name: spec.name,
    wallet: money,
    limitsOf,
    quota,
    workspaceLimits: (workspace, model) => own.get(pair(workspace, model))?.limits(),
    setWorkspaceLimits: setOwn,
    change(nextSpec, nextProfile, nextSwitches, now) {
      const before = { spec, profile, switches }
      spec = nextSpec
      profile = nextProfile
      switches = nextSwitches
      if (!isSame(countingOf(before.switches), countingOf(switches))) {
        whole.clear()
        own.clear()
        for (const { workspace, model, limits } of workspaceLimitsOf(spec)) setOwn(workspace, model, limits, now)
      } else {
        changeLimits(before.profile, now)
        changeWorkspaces(before.spec, now)
      }
      const asked = [...quotas.values()]
      quotas.clear()
      for (const { model, workspace } of asked) quota(model, workspace)
      money.set(billingChanges(before.spec, spec))
    },
    opened: () => [...quotas.values()].map(({ model, workspace }) => ({ model, workspace })),
  }
}

function pair(workspace: string, model: string): string {
  return `${workspace}/${model}`
}
