import { basename } from 'node:path'
import { readColumns } from '../src/scenario/recorded/column-choice.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Replay } from './study-facts.ts'
import { partOptions, type StudyOptions } from './study-options.ts'

/** Returns the path of the trace that a study replays: that of the options, else that of the scenario. */
export function traceOf(scenario: Scenario, { trace }: StudyOptions): string | undefined {
  return trace ?? (isReplay(scenario) ? scenario.trace : undefined)
}

/** Returns a sentence for each option about a trace that the scenario lacks or does not use. In messages `prefix` stands before a name. */
export function traceProblems(scenario: Scenario, options: StudyOptions, prefix: string): string[] {
  if (isReplay(scenario)) return traceOf(scenario, options) === undefined ? [missing(prefix)] : []
  return (['trace', ...partOptions] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) => `Expected \`${prefix}${name}\` only with a scenario that replays recorded calls, such as replay`)
}

function missing(prefix: string): string {
  return (
    `Expected \`${prefix}trace FILE\` for a scenario that replays recorded calls, got none. The file is CSV or JSON Lines in a known ` +
    `format, such as AzureLLMInferenceTrace_conv.csv in Azure/AzurePublicDataset, or \`${prefix}columns\` names its columns.`
  )
}

function isReplay({ cases }: Scenario): boolean {
  return cases.some(
    ({ arrivals, lengths, tenants = [] }) =>
      arrivals.kind === 'trace' || [{ lengths }, ...tenants].some((each) => each.lengths?.kind === 'trace'),
  )
}

/** Reads the part of a trace that the options choose. `onProgress` is called now and then, with the number of rows that were read. */
export async function readReplay(
  path: string,
  options: Pick<StudyOptions, (typeof partOptions)[number]>,
  prefix: string,
  onProgress?: (rows: number) => void,
): Promise<Replay> {
  const { readRecorded } = await import('../src/scenario/recorded/read-recorded.ts')
  const { from, to, every, columns } = options
  const choice = columns === undefined ? undefined : readColumns(`${prefix}columns`, columns)
  const { workload, ...facts } = await readRecorded(path, {
    prefix,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(every !== undefined && { every }),
    ...(typeof choice === 'object' && { columns: choice }),
    ...(onProgress && { onProgress }),
  })
  return { workload, facts: { file: basename(path), ...facts } }
}
