import { type Fields, isObject } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import { type Limit, limitsOn, type Unit } from '../../../../src/core/limit.ts'
import type { Account } from '../../../provider/account.ts'
import { BadRequest } from '../../request/bad-request.ts'
import { bodyFields, ownField } from '../../request/body.ts'
import type { Lookup } from '../lookup.ts'
import { refusedLimits, tightest } from './spelling.ts'

/** Undefined: the workspace has no limits of its own. */
type WorkspaceLimits = readonly Limit[] | undefined

/**
 * `POST /api/v1/models/limits`: gives the workspace of the key its own limits, or takes them away. Either all changes of a request are made or
 * none. The service needs about thirty seconds for a change; here it takes effect at once.
 */
export const updateLimits: Lookup = (request, { account, workspace, now, requestId }) => {
  const items = ownField(bodyFields(request), 'models')
  if (!Array.isArray(items) || items.length < 1 || items.length > mostModels)
    throw refusedLimits(`The number of models should be [1, ${mostModels}]`)
  // The default workspace of an account is the account itself, which has no narrower limits.
  if (workspace === undefined) throw new BadRequest({ name: 'workspace-access' })
  const changes = new Map<string, WorkspaceLimits>()
  for (const item of items) {
    const { model, fields } = itemOf(item, account)
    const before = changes.has(model) ? changes.get(model) : account.workspaceLimits(workspace, model)
    changes.set(model, changed(before ?? [], model, fields, account))
  }
  for (const [model, limits] of changes) account.setWorkspaceLimits(workspace, model, limits, now)
  return { code: null, message: null, success: true, output: null, request_id: requestId }
}

/** The most models in one request. */
const mostModels = 200

function itemOf(item: unknown, account: Account): { readonly model: string; readonly fields: Fields } {
  if (!isObject(item)) throw refusedLimits(`'models' must be a list of objects, got ${show(item)}`)
  const model = ownField(item, 'model')
  if (typeof model !== 'string' || model === '') throw refusedLimits('Required parameter(model) missing or invalid')
  if (!account.limitsOf(model)) throw refusedLimits('Model not exist.')
  return { model, fields: item }
}

function changed(before: readonly Limit[], model: string, fields: Fields, account: Account): WorkspaceLimits {
  const operation = ownField(fields, 'operation_type') ?? 'OVERLAY'
  if (operation === 'DELETE') {
    if (ownField(fields, 'request_limit') !== undefined || ownField(fields, 'usage_limit') !== undefined)
      throw refusedLimits('request_limit and usage_limit must be empty when operation_type is DELETE')
    return undefined
  }
  if (operation !== 'OVERLAY')
    throw refusedLimits(`operation_type should be one of [OVERLAY, DELETE], got ${show(operation)}`)
  const requests = overlaid(before, 'requests', 'request', fields)
  const tokens = overlaid(before, 'tokens', 'usage', fields)
  if (requests.length === 0 && tokens.length > 0)
    throw refusedLimits(`Cannot set TPM without QPM for model ${model}: no existing QPM limit, please set QPM first`)
  if (requests.length === 0) throw refusedLimits('Required parameter(request_limit) missing or invalid')
  const after = [...requests, ...tokens]
  const whole = account.limitsOf(model)!.limits()
  for (const unit of ['requests', 'tokens'] satisfies Unit[]) {
    const [narrow, wide] = [tightest(after, unit), tightest(whole, unit)]
    if (narrow && wide && narrow.limit * wide.window > wide.limit * narrow.window)
      throw refusedLimits(`The workspace limit of model ${model} should not exceed the model limit of the account`)
  }
  return after
}

/** The limits of one unit after a change: what the request leaves out stays as it was. */
function overlaid(before: readonly Limit[], unit: Unit, prefix: 'request' | 'usage', fields: Fields): readonly Limit[] {
  const there = limitsOn(unit, before)
  const limit = positive(fields, `${prefix}_limit`) ?? tightest(there, unit)?.limit
  const given = positive(fields, `${prefix}_limit_period`)
  if (given === undefined && ownField(fields, `${prefix}_limit`) === undefined) return there
  if (limit === undefined) return []
  const window = given === undefined ? (tightest(there, unit)?.window ?? minute) : given * 1000
  const [short, long] = unit === 'requests' ? (['rps', 'rpm'] as const) : (['tps', 'tpm'] as const)
  return [{ rule: window < minute ? short : long, limit, window }]
}

const minute = 60_000

/**
 * Returns a whole number, or undefined when the field is absent. Throws a `BadRequest` for anything else. The documentation allows 0 without
 * saying what it means, so 0 is refused. A period of more than a day is refused, too.
 */
function positive(fields: Fields, name: string): number | undefined {
  const value = ownField(fields, name)
  const most = name.endsWith('_period') ? 86_400 : 1_000_000_000
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most) return value
  throw refusedLimits(`Range of ${name} should be [1, ${most}]`)
}
