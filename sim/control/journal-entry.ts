import { isoTime } from '../../src/core/system-clock.ts'
import { errorTable } from '../errors/error-table.ts'
import type { RecordedDenial, RequestRecord } from '../wire/request-record.ts'
import type { DenialReply, JournalEntry } from './replies.ts'

/** Returns the entry that the control plane shows for a record. It adds the reason as a sentence, and instants in ISO 8601. */
export function journalEntry(record: RequestRecord): JournalEntry {
  const { denial, ...fields } = record
  return {
    ...fields,
    arrived: isoTime(record.arrivedAt),
    why: reasonText(record),
    ...(denial && { denial: denialEntry(record, denial) }),
  }
}

function denialEntry(
  { decidedAt = 0 }: RequestRecord,
  { rule, rules, level, asked, admitsAt }: RecordedDenial,
): DenialReply {
  return {
    rule,
    rules,
    ...level,
    ...(asked !== undefined && { asked }),
    admitsAt: admitsAt === null ? null : isoTime(admitsAt),
    admitsAfterMs: admitsAt === null ? null : admitsAt - decidedAt,
  }
}

function reasonText(record: RequestRecord): string {
  const { verdict, denial, error, fault, end, account, model } = record
  const because = error === undefined ? '' : `: ${errorTable[error].message}`.replace(/ *\{detail\}/, '').trimEnd()
  if (fault !== undefined && verdict === undefined && end)
    return end === 'broken' ? endText(record) : `${fault}: ${endText(record)}`
  if (denial) return `${denialText(record, denial)} (account ${account}, model ${model})`
  if (verdict === 'refused') return `refused as ${error}${because}`
  if (verdict === 'admitted') return `admitted; ${endText(record)}`
  if (error) return `rejected before any limit was checked, as ${error}${because}`
  if (end === 'answered') return 'answered from the lists of models and limits; no model was asked'
  return end ? 'the client left before anything was decided' : 'not decided yet: held in the queue or by a fault'
}

function endText({ end, error, outputTokens, fault }: RequestRecord): string {
  if (end === 'left') return `the client left; ${outputTokens ?? 0} output tokens were charged`
  if (end === 'broken') return `the connection was broken by ${error === undefined ? fault : 'a defect'}`
  if (end === 'answered') return error ? `answered with ${error}` : `answered with ${outputTokens} output tokens`
  return 'still being answered'
}

function denialText({ decidedAt = 0 }: RequestRecord, { rule, rules, level, asked, admitsAt }: RecordedDenial): string {
  const others = rules.filter((each) => each !== rule)
  const also = others.length > 0 ? `; ${others.join(' and ')} denied it, too` : ''
  const passes = `the same request passes ${admitsAt! - decidedAt} ms later, at ${isoTime(admitsAt ?? decidedAt)}, if nobody else is admitted`
  if (!level)
    return `denied by ${rule}: the free quota is used up and the account cannot be billed; waiting does not help`
  const { limit, window, used, unit } = level
  if (window === undefined)
    return `denied by ${rule}: ${used} of ${limit} requests in flight, ${asked} more asked${also}; ${passes}`
  const where = rule === 'burst' ? `the burst guard's interval of ${window} ms` : `its window of ${window} ms`
  const next =
    admitsAt === null
      ? `it never passes: ${asked! > limit ? 'it asks for more than the limit' : 'time ends before'}`
      : passes
  return `denied by ${rule}: ${used} of ${limit} ${unit} used in ${where}, ${asked} more asked${also}; ${next}`
}
