import { traceFit } from '../../lab/fit/trace-fit.ts'
import { readReplay } from '../../lab/replay.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { readColumns } from '../../src/scenario/recorded/column-choice.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { progressOutput } from '../process/progress.ts'
import { fitJson } from './fit-json.ts'
import { fitText } from './fit-text.ts'
import { rowProgress } from './row-progress.ts'

/** The options of `ratelab fit`. */
export interface FitCommandOptions {
  readonly from?: string
  readonly to?: string
  readonly every?: number
  readonly columns?: string
  readonly format: 'terminal' | 'json'
  readonly json?: boolean
}

/** Runs `ratelab fit`, which prints the laws of a recorded trace. */
export async function fitCommand(path: string, options: FitCommandOptions): Promise<void> {
  const { format, json = false, ...part } = options
  const columns = part.columns === undefined ? undefined : readColumns('--columns', part.columns)
  if (typeof columns === 'string') throw new InputError(columns)
  const progress = rowProgress(progressOutput(process.stderr))
  const { workload, facts } = await readReplay(path, part, '--', progress.update)
  progress.clear()
  for (const warning of facts.warnings) tell(`Warning: ${warning}`)
  if (facts.skipped > 0)
    tell(`Warning: one of every ${part.every} rows is fitted, so the arrivals are those of a sample.`)
  const fit = traceFit(workload, path)
  print(json || format === 'json' ? fitJson(facts, fit) : `${fitText(facts, fit, outputWidth(process.stdout))}\n`)
}
