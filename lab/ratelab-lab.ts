// The public face of the laboratory: `ratelab/lab`. Scenarios and strategies are described by `ratelab`.

export { InputError } from '../src/checks/input-error.ts'
export { type CaseComparison, type Comparison, comparisonOf, type Row } from '../src/compare/comparison.ts'
export type {
  CaseFacts,
  Cell,
  Contestant,
  Metrics,
  OptimumSummary,
  Raise,
  RawResult,
  Series,
  StudyFacts,
  Summary,
} from '../src/compare/raw-result.ts'
export type { Estimate } from '../src/compare/statistics.ts'
export type { OwnStrategy } from './catalogue.ts'
export { cellLines } from './cells/cell-lines.ts'
export { readCells } from './cells/read-cells.ts'
export { prepareStudy, runStudy, type Study, type StudyResult } from './study.ts'
export type { StudyControls, StudyOptions, StudyProgress } from './study-options.ts'
