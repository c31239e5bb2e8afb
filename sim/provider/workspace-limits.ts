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
  const removed = former.filter((each) => !limitsIn(next, each)).map((each) => ({ ...each, limits: undefined }))
  return [...removed, ...next.filter((each) => !isDeepStrictEqual(limitsIn(former, each), each.limits))]
}

function limitsIn(all: readonly WorkspaceLimits[], { workspace, model }: WorkspaceLimits): WorkspaceLimits['limits'] {
  return all.find((each) => each.workspace === workspace && each.model === model)?.limits
}

/** The limits of all workspaces of an account, in one list. */
function workspaceLimitsOf({ workspaces = [] }: AccountSpec): readonly WorkspaceLimits[] {
  return workspaces.flatMap(({ name: workspace, limits: byModel }) =>
    Object.entries(byModel).map(([model, limits]) => ({ workspace, model, limits })),
  )
}
