import { isDeepStrictEqual } from 'node:util'
import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec, Switches } from '../../src/scenario/world.ts'
import type { ModelRow, Profile } from '../profiles/profile.ts'
import { billingChanges, type Wallet, wallet } from './billing.ts'
import { type CountedQuota, countedQuota } from './counted-quota.ts'
import { type Counters, counters, countsAlike } from './counters.ts'
import { workspaceLimitChanges } from './workspace-limits.ts'

/** What an account is made of. All of it can be changed while the account is in use. */
export interface AccountTerms {
  readonly spec: AccountSpec
  /** Names the limits of every model. */
  readonly profile: Profile
  /** Choose how windows are counted. */
  readonly switches: Switches
}

/** A key of an account. */
export interface AccountKey {
  readonly key: string
  /** The workspace that the key belongs to. Undefined: the account's default workspace. */
  readonly workspace: string | undefined
}

export interface Account {
  readonly name: string
  readonly wallet: Wallet
  /** All keys of the account, those of its workspaces included. */
  keys(): readonly AccountKey[]
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
  change(terms: AccountTerms, now: Millis): void
  /** The models that have been asked for, and by which workspaces. */
  opened(): readonly { readonly model: string; readonly workspace: string | undefined }[]
}

interface Opened {
  readonly model: string
  readonly workspace: string | undefined
  readonly quota: CountedQuota
}

/** An account whose windows are empty and whose free quota is untouched. */
export function account(initial: AccountTerms): Account {
  let terms = initial
  const money = wallet(terms.spec)
  /** The account's own limits, by model. */
  const whole = new Map<string, Counters>()
  /** The workspaces' limits, by workspace and model. */
  const own = new Map<string, Counters>()
  const quotas = new Map<string, Opened>()
  openWorkspaces(0)

  function rowOf(model: string): ModelRow | undefined {
    const { models } = terms.profile
    return Object.hasOwn(models, model) ? models[model] : undefined
  }

  function openWorkspaces(now: Millis): void {
    for (const { name, limits: byModel } of terms.spec.workspaces ?? [])
      for (const [model, limits] of Object.entries(byModel)) setOwn(name, model, limits, now)
  }

  function setOwn(workspace: string, model: string, limits: readonly Limit[] | undefined, now: Millis): void {
    const name = pair(workspace, model)
    const counting = own.get(name)
    if (limits && counting) return counting.setLimits(limits, now)
    if (limits) own.set(name, counters(limits, terms.switches, false))
    else own.delete(name)
    quotas.delete(name)
  }

  function changeLimits(before: Profile, now: Millis): void {
    for (const [model, counting] of whole) {
      const limits = rowOf(model)?.limits
      if (!limits) whole.delete(model)
      else if (!isDeepStrictEqual(before.models[model]?.limits, limits)) counting.setLimits(limits, now)
    }
  }

  function limitsOf(model: string): Counters | undefined {
    const known = whole.get(model)
    if (known) return known
    const row = rowOf(model)
    if (!row) return undefined
    const opened = counters(row.limits, terms.switches, true)
    whole.set(model, opened)
    return opened
  }

  function open(model: string, workspace: string | undefined): CountedQuota | undefined {
    const row = rowOf(model)
    const ofAccount = limitsOf(model)
    const ofWorkspace = workspace === undefined ? undefined : own.get(pair(workspace, model))
    return row && ofAccount && countedQuota(row, ofAccount, ofWorkspace)
  }

  function quota(model: string, workspace?: string): CountedQuota | undefined {
    const name = workspace === undefined ? model : pair(workspace, model)
    const known = quotas.get(name)
    if (known) return known.quota
    const opened = open(model, workspace)
    if (opened) quotas.set(name, { model, workspace, quota: opened })
    return opened
  }

  function change(next: AccountTerms, now: Millis): void {
    const before = terms
    terms = next
    if (countsAlike(before.switches, terms.switches)) {
      changeLimits(before.profile, now)
      for (const { workspace, model, limits } of workspaceLimitChanges(before.spec, terms.spec))
        setOwn(workspace, model, limits, now)
    } else {
      whole.clear()
      own.clear()
      openWorkspaces(now)
    }
    const asked = [...quotas.values()]
    quotas.clear()
    for (const { model, workspace } of asked) quota(model, workspace)
    money.set(billingChanges(before.spec, terms.spec))
  }

  return {
    name: terms.spec.name,
    wallet: money,
    keys: () => keysOf(terms.spec),
    quota,
    limitsOf,
    workspaceLimits: (workspace, model) => own.get(pair(workspace, model))?.limits(),
    setWorkspaceLimits: setOwn,
    change,
    opened: () => [...quotas.values()].map(({ model, workspace }) => ({ model, workspace })),
  }
}

function keysOf({ keys, workspaces = [] }: AccountSpec): readonly AccountKey[] {
  const ofWorkspaces = workspaces.flatMap(({ name, keys }) => keys.map((key) => ({ key, workspace: name })))
  return [...keys.map((key) => ({ key, workspace: undefined })), ...ofWorkspaces]
}

function pair(workspace: string, model: string): string {
  return `${workspace}/${model}`
}
