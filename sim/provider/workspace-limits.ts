import { isDeepStrictEqual } from 'node:util'
import type { Limit } from '../../src/core/limit.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'

/** The limits of one workspace for one model, beside those of its account. */
export interface WorkspaceLimits {
  readonly workspace: string
  readonly model: string
  /** Undefined: the workspace has no limits of its own for this model. */
  readonly limits: readonly Limit[] | undefined
}

/** The limits that must be set, or taken away, to get from one account spec to another: first those that are taken away. */
export function workspaceLimitChanges(before: AccountSpec, after: AccountSpec): readonly WorkspaceLimits[] {
  const former = workspaceLimitsOf(before)
  const next = workspaceLimitsOf(after)
  const removed = [...former].filter(([name]) => !next.has(name)).map(([, each]) => ({ ...each, limits: undefined }))
  const set = [...next].filter(([name, { limits }]) => !isDeepStrictEqual(former.get(name)?.limits, limits))
  return [...removed, ...set.map(([, each]) => each)]
}

/** The name of a pair of a workspace and a model. Both names may have any characters, and no two pairs have the same name. */
export function pairName(workspace: string, model: string): string {
  return JSON.stringify([workspace, model])
}

/** The limits of all workspaces of an account, by the names of their pairs. */
function workspaceLimitsOf({ workspaces = [] }: AccountSpec): ReadonlyMap<string, WorkspaceLimits> {
  return new Map(
    workspaces.flatMap(({ name: workspace, limits: byModel }) =>
      Object.entries(byModel).map(([model, limits]) => [pairName(workspace, model), { workspace, model, limits }]),
    ),
  )
}
