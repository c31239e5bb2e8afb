import type { TimeUnit } from './ticks.ts'

/** The parts of a recorded call, each in a column of a trace. */
export const callParts = ['arrival', 'prompt', 'output'] as const

/** A part of a recorded call. */
export type CallPart = (typeof callParts)[number]

/** A published format of recorded traces. It is known by the names of its columns, in CSV and in JSON Lines alike. */
export interface TraceFormat {
  readonly name: string
  readonly columns: Readonly<Record<CallPart, string>>
  /** The unit of arrivals that are numbers. Dates need none. */
  readonly unit: TimeUnit
  /** A further column that tells this format from the next one with the same columns. Default: none is needed. */
  readonly mark?: string
  /** What an answer of 0 tokens means. Default: nothing is known of it. */
  readonly emptyAnswer?: string
  /** What is known to be wrong with the file's times, and what to use of them. Default: nothing is. */
  readonly caution?: string
}

/** The known formats. The first one whose columns a file has is the file's. */
export const traceFormats: readonly TraceFormat[] = [
  {
    name: 'Azure',
    columns: { arrival: 'TIMESTAMP', prompt: 'ContextTokens', output: 'GeneratedTokens' },
    unit: 's',
  },
  {
    name: 'BurstGPT',
    columns: { arrival: 'Timestamp', prompt: 'Request tokens', output: 'Response tokens' },
    unit: 's',
    emptyAnswer: 'calls that failed',
  },
  {
    name: 'Bailian',
    columns: { arrival: 'timestamp', prompt: 'input_length', output: 'output_length' },
    unit: 's',
    mark: 'chat_id',
  },
  {
    name: 'Mooncake',
    columns: { arrival: 'timestamp', prompt: 'input_length', output: 'output_length' },
    unit: 'ms',
    caution: 'are batched by three seconds: use the lengths and the rates a minute, but not the bursts',
  },
]

/** Returns the columns of a format as a header has them. */
export function headerOf({ columns }: TraceFormat): string {
  return callParts.map((part) => columns[part]).join(',')
}

/** Returns the positions of the columns with a name, in any case of its letters. */
export function positionsOf(name: string, columns: readonly string[]): number[] {
  const wanted = name.toLowerCase()
  return columns.flatMap((each, position) => (each.toLowerCase() === wanted ? [position] : []))
}

/** Returns how many of the columns that a format needs are among those of a file. */
export function countFound({ columns, mark }: TraceFormat, names: readonly string[]): number {
  const needed = [...callParts.map((part) => columns[part]), ...(mark === undefined ? [] : [mark])]
  return needed.filter((name) => positionsOf(name, names).length > 0).length - needed.length + callParts.length
}

/** Returns the format of a file whose columns have these names. Undefined when no known format has them. */
export function formatOf(names: readonly string[]): TraceFormat | undefined {
  return traceFormats.find((format) => countFound(format, names) === callParts.length)
}
