// The public face `ratelab/lab` of the laboratory. The types of scenarios and strategies are in `ratelab`.

export { type CaseComparison, type Comparison, comparisonOf, type Row } from '../src/compare/comparison.ts'
export type {
  CaseFacts,
  Cell,
  Contestant,
  FailedStrategy,
  Metrics,
  OptimumSummary,
  Raise,
  RawResult,
  Series,
  StudyFacts,
  Summary,
} from '../src/compare/raw-result.ts'
export type { Estimate } from '../src/compare/statistics.ts'
export type { Outcome } from '../src/harness/trace.ts'
export type { OwnStrategy } from '../src/scenario/scenario.ts'
export { cellLines } from './cells/cell-lines.ts'
export { readCells } from './cells/read-cells.ts'
export {
  accountKeys,
  type ClientKnowledge,
  callsPerMinute,
  callsPerSecond,
  gatewayOf,
  ownKeys,
} from './client-knowledge.ts'
export type { StrategyPlugin } from './plug-in.ts'
export { prepareStudy, runStudy, type Study, type StudyResult } from './study.ts'
export type { StudyControls, StudyOptions, StudyProgress } from './study-options.ts'
