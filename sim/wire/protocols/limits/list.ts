import type { Lookup, LookupContext } from '../lookup.ts'
import { refusedLimits, spelledLimits } from './spelling.ts'

/** `GET /api/v1/models/limits`: the limits that are enforced for each model, page by page. */
export const listLimits: Lookup = ({ query }, context) => {
  const asked = new URLSearchParams(query)
  const pageNo = pageNumber(asked, 'page_no', 1)
  const pageSize = pageNumber(asked, 'page_size', 20, 200)
  const exact = asked.get('model') ?? ''
  const part = (asked.get('name') ?? '').toLowerCase()
  const models = Object.keys(context.profile.models)
    .filter((model) => exact === '' || model === exact)
    .filter((model) => model.toLowerCase().includes(part))
  const page = models.slice((pageNo - 1) * pageSize, pageNo * pageSize)
  return {
    code: null,
    message: null,
    success: true,
    output: {
      total: models.length,
      page_no: pageNo,
      page_size: pageSize,
      quotas: page.map((model) => quotaOf(model, context)),
    },
    request_id: context.requestId,
  }
}

function quotaOf(model: string, { account, workspace }: LookupContext): object {
  const own = workspace === undefined ? undefined : account.workspaceLimits(workspace, model)
  return {
    model,
    workspace_id: workspace ?? `llm-${account.name}`,
    model_limit: spelledLimits(account.limitsOf(model)?.limits() ?? []),
    workspace_limit: own ? spelledLimits(own) : null,
  }
}

function pageNumber(asked: URLSearchParams, name: string, absent: number, most = Number.MAX_SAFE_INTEGER): number {
  const text = asked.get(name)
  if (text === null) return absent
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw refusedLimits(`Range of ${name} should be [1, ${most}]`)
}
