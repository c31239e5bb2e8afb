import { type Check, isObject } from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'

/** What `Authorization: Bearer` can carry. It is not shown: it may be real. */
export const sendable: Check = (field, value) => {
  if (typeof value === 'string' && /^[!-~]+$/.test(value)) return []
  const got = typeof value === 'string' && value !== '' ? 'something else' : show(value)
  return [`Expected \`${field}\` to be visible ASCII without spaces, as a header carries it, got ${got}`]
}

/** Who names a key: an account, or a workspace of it. */
interface Claim {
  readonly key: string
  readonly account: number
  readonly workspace: number | undefined
  readonly path: string
}

/** A key belongs to one account. A workspace may name keys of its own account, but none of another workspace. */
export function keyProblems(field: string, accounts: unknown): string[] {
  const lastClaims = new Map<string, Claim>()
  return claimsIn(field, accounts).flatMap((claim) => {
    const { key, path } = claim
    const last = lastClaims.get(key)
    lastClaims.set(key, claim)
    if (!last || !excludes(last, claim)) return []
    const owner = last.account === claim.account ? 'workspace' : 'account'
    return [`Expected ${show(key)} to be a key of one ${owner}, got it in \`${last.path}\` and in \`${path}\``]
  })
}

function excludes(a: Claim, b: Claim): boolean {
  if (a.account !== b.account) return true
  return a.workspace !== undefined && b.workspace !== undefined && a.workspace !== b.workspace
}

/** Whatever looks like a key, in the order of the file; what does not is told elsewhere. */
function claimsIn(field: string, accounts: unknown): Claim[] {
  return listOf(accounts).flatMap((spec, account) => {
    if (!isObject(spec)) return []
    const path = `${field}[${account}]`
    const own = keysOf(spec.keys).map((key) => ({ key, account, workspace: undefined, path: `${path}.keys` }))
    const inWorkspaces = listOf(spec.workspaces).flatMap((each, workspace) =>
      keysOf(isObject(each) ? each.keys : undefined).map((key) => {
        return { key, account, workspace, path: `${path}.workspaces[${workspace}].keys` }
      }),
    )
    return [...own, ...inWorkspaces]
  })
}

function keysOf(value: unknown): string[] {
  return listOf(value).filter((key) => typeof key === 'string')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
