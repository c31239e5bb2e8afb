import { type TimeUnit, ticksPerMilli, timeUnits } from './ticks.ts'

/** What is known of the times of a file after all its rows were read. */
export interface TimesRead {
  readonly path: string
  /** The unit in which numbers were read. */
  readonly unit: TimeUnit
  readonly rows: number
  /** From the earliest to the latest row, in ticks. */
  readonly span: number
  /** Whether every time is a whole number of the unit. */
  readonly areWhole: boolean
  /** The name of the option that has the unit. */
  readonly field: string
}

const unitNames: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
}

const units = Object.keys(timeUnits) as TimeUnit[]

/** With fewer rows a mean says little. */
const leastRows = 10
/** A service that is called less often than once in this many milliseconds is rarely recorded. */
const longestGap = 60_000
/** One service that is called more often than once in this many milliseconds is rarely recorded. */
const shortestGap = 1

/**
 * Returns a sentence when numbers look as if they had another unit than the one in which they were read: whole numbers that would be
 * more than a minute apart on average look like the next finer unit, and numbers less than a millisecond apart like the next coarser one.
 */
export function unitWarning({ path, unit, rows, span, areWhole, field }: TimesRead): string | undefined {
  const gap = span / ticksPerMilli / (rows - 1)
  const step = areWhole && gap > longestGap ? 1 : gap > 0 && gap < shortestGap ? -1 : 0
  const likely = units[units.indexOf(unit) + step]
  if (rows < leastRows || step === 0 || likely === undefined) return undefined
  const rate = step > 0 ? `one call in ${Math.round(gap / 1000)} s` : `${Math.round(1000 / gap)} calls a second`
  return (
    `The times of ${path} are read as ${unitNames[unit]}, which gives ${rate} on average. ` +
    `If they are ${unitNames[likely]}, add \`${field} unit=${likely}\`; \`unit=${unit}\` confirms ${unitNames[unit]}.`
  )
}
