import type { RequestRecord } from '../sim/wire/request-record.ts'
import type { Attempt, CallSummary, ErrorSummary, Text } from './results.ts'
import type { CallerError, CallerView } from './task.ts'

/** How late a timer may fire on a busy machine, in milliseconds. */
const timerDelay = 600

type Range = readonly [from: number, to: number]

/**
 * Returns the mock's records as attempts. Each wait is written as the range that is documented for it, so that jitter does not change the report.
 * `documented`: undefined leaves all waits out.
 */
export function attemptsOf(
  records: readonly RequestRecord[],
  documented: readonly Range[] | undefined,
): readonly Attempt[] {
  return records.map(({ model, status, error, arrivedAt }, index) => {
    const attempt = { ...(model !== undefined && { model }), status: status ?? 0, ...(error && { error }) }
    if (index === 0 || !documented) return attempt
    return { ...attempt, wait: waitOf(arrivedAt - records[index - 1]!.endedAt!, documented[index - 1]) }
  })
}

function waitOf(ms: number, range: Range | undefined): string {
  if (!range || ms < range[0] - 25 || ms > range[1] + timerDelay)
    return `${(ms / 1000).toFixed(1)} s, not as documented`
  const [from, to] = range
  return from === to ? `${from / 1000} s` : `${from / 1000}–${to / 1000} s`
}

/** Summarizes what a caller received, without the parts that differ from run to run. */
export function summaryOf(view: CallerView, answer: string, records: readonly RequestRecord[]): CallSummary {
  return {
    text: textOf(view.text, answer),
    ...(view.tokens && { tokens: view.tokens }),
    ...(view.error && { error: errorOf(view.error, records) }),
  }
}

function textOf(text: string, answer: string): Text {
  if (text === '') return 'none'
  if (text === answer) return 'answer'
  if (answer.startsWith(text)) return 'part'
  return text.includes('quota') ? 'error text' : 'other'
}

function errorOf(error: CallerError, records: readonly RequestRecord[]): ErrorSummary {
  const { by, status = null, code = null, type = null, requestId, message } = error
  const hasRequestId = records.some(({ id }) => id === requestId)
  return { by, class: error.class, status, code, type, hasRequestId, message: start(message) }
}

function start(message: string): string {
  const whole = message
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, '<origin>')
    .replace(/\s+/g, ' ')
    .trim()
  return whole.length <= 90 ? whole : `${whole.slice(0, 89)}…`
}
