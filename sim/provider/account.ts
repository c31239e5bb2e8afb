import { isDeepStrictEqual } from 'node:util'
import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { ModelRow, Profile } from '../../src/scenario/profile.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { type InFlightLimit, inFlightLimit } from '../limiters/in-flight-limit.ts'
import { billingChanges, type Wallet, wallet } from './billing.ts'
import { type CountedQuota, countedQuota } from './counted-quota.ts'
import { type Counters, type Counting, counters, countsAlike } from './counters.ts'
import type { Phases } from './phases.ts'
import type { Rooms } from './rooms.ts'
import { pairName, workspaceLimitChanges } from './workspace-limits.ts'

/** What defines an account. All of it can be changed while the account is in use. */
export interface AccountTerms {
  /** The keys, the workspaces and the billing state. */
  readonly spec: AccountSpec
  /** Holds the limits and prices of every model. */
  readonly profile: Profile
  /** Decide how windows are counted. */
  readonly switches: Switches
  /** Where the grids of the windows and burst guards lie. */
  readonly phases: Phases
  /** When the platform has room beyond soft limits. */
  readonly rooms: Rooms
}

/** A key of an account. */
export interface AccountKey {
  readonly key: string
  /** The workspace that the key belongs to. Undefined: the account's default workspace. */
  readonly workspace: string | undefined
}

/** One account of the provider: what its keys may use, and what they have used. */
export interface Account {
  readonly name: string
  /** The free quota and the bill. */
  readonly wallet: Wallet
  /** Returns all keys of the account, including those of its workspaces. */
  keys(): readonly AccountKey[]
  /** Returns the quota of a model for a key of this workspace. Returns undefined when the profile has no such model. */
  quota(model: string, workspace?: string): CountedQuota | undefined
  /** Returns the account's own limits for a model, which can be changed there. Returns undefined when the profile has no such model. */
  limitsOf(model: string): Counters | undefined
  /** Returns the limits of a workspace for a model. Returns undefined when the workspace has only the limits of the account. */
  workspaceLimits(workspace: string, model: string): readonly Limit[] | undefined
  /** Gives a workspace its own limits for a model, beside those of the account. Undefined: takes them away. */
  setWorkspaceLimits(workspace: string, model: string, limits: readonly Limit[] | undefined, now: Millis): void
  /**
   * Changes the account. Only what differs between the old terms and the new ones is changed: limits and free quotas that are the same in both
   * keep what they have counted, and what was set through `limitsOf`, `setWorkspaceLimits` or `wallet` meanwhile. If other switches count the
   * windows, all windows begin empty; what a request under way is charged for from then on counts in them.
   */
  change(terms: AccountTerms, now: Millis): void
  /** Returns the models that have been used, each with the workspace that has used it. */
  opened(): readonly { readonly model: string; readonly workspace: string | undefined }[]
}

/** A quota that has been used. */
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
  const accountCounters = new Map<string, Counters>()
  /** The limits of the workspaces, by the name of the pair of workspace and model. */
  const workspaceCounters = new Map<string, Counters>()
  const inFlight = new Map<string, InFlightLimit>()
  const quotas = new Map<string, Opened>()
  /** The instant from which on all windows have counted: when other switches last came into force. */
  let openedAt: Millis = -Infinity
  openWorkspaces(openedAt)

  function rowOf(model: string): ModelRow | undefined {
    const { models } = terms.profile
    return Object.hasOwn(models, model) ? models[model] : undefined
  }

  /** How the windows are counted, apart from burst guards, which only the account's own limits have. */
  function counted(model: string): Counting {
    const { switches, phases, rooms } = terms
    return { switches, windowPhase: phases.ofWindow, room: rooms(model), openedAt }
  }

  function openWorkspaces(now: Millis): void {
    for (const { name, limits: byModel } of terms.spec.workspaces ?? [])
      for (const [model, limits] of Object.entries(byModel)) setWorkspaceLimits(name, model, limits, now)
  }

  function setWorkspaceLimits(
    workspace: string,
    model: string,
    limits: readonly Limit[] | undefined,
    now: Millis,
  ): void {
    const name = pairName(workspace, model)
    const counting = workspaceCounters.get(name)
    if (limits && counting) return counting.setLimits(limits, now)
    if (limits) workspaceCounters.set(name, counters(limits, { ...counted(model), openedAt: now }))
    else workspaceCounters.delete(name)
    quotas.delete(name)
  }

  function changeLimits(before: Profile, now: Millis): void {
    for (const [model, counting] of accountCounters) {
      const limits = rowOf(model)?.limits
      if (!limits) accountCounters.delete(model)
      else if (!isDeepStrictEqual(before.models[model]?.limits, limits)) counting.setLimits(limits, now)
    }
  }

  function limitsOf(model: string): Counters | undefined {
    const known = accountCounters.get(model)
    if (known) return known
    const row = rowOf(model)
    if (!row) return undefined
    const guardPhase = (length: Millis) => terms.phases.ofGuard(terms.spec.name, model, length)
    const opened = counters(row.limits, { ...counted(model), guardPhase })
    accountCounters.set(model, opened)
    return opened
  }

  /** The limit on the requests in flight of a model, in all workspaces together. */
  function inFlightOf(model: string): InFlightLimit | undefined {
    const { inFlightLimit: limit } = terms.switches
    if (limit === 0) return undefined
    const known = inFlight.get(model) ?? inFlightLimit(limit)
    inFlight.set(model, known)
    return known
  }

  function open(model: string, workspace: string | undefined): CountedQuota | undefined {
    const row = rowOf(model)
    const ofAccount = limitsOf(model)
    const ofWorkspace = workspace === undefined ? undefined : workspaceCounters.get(pairName(workspace, model))
    return row && ofAccount && countedQuota(row, terms.switches, ofAccount, ofWorkspace, inFlightOf(model))
  }

  function quota(model: string, workspace?: string): CountedQuota | undefined {
    const name = workspace === undefined ? model : pairName(workspace, model)
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
        setWorkspaceLimits(workspace, model, limits, now)
    } else {
      openedAt = now
      accountCounters.clear()
      workspaceCounters.clear()
      inFlight.clear()
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
    workspaceLimits: (workspace, model) => workspaceCounters.get(pairName(workspace, model))?.limits(),
    setWorkspaceLimits,
    change,
    opened: () => [...quotas.values()].map(({ model, workspace }) => ({ model, workspace })),
  }
}

function keysOf({ keys, workspaces = [] }: AccountSpec): readonly AccountKey[] {
  const ofWorkspaces = workspaces.flatMap(({ name, keys }) => keys.map((key) => ({ key, workspace: name })))
  return [...keys.map((key) => ({ key, workspace: undefined })), ...ofWorkspaces]
}
