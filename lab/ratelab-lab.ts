// The public face `ratelab/lab` of the laboratory. The types of scenarios and strategies are in `ratelab`.

export {
  type CaseComparison,
  type Comparison,
  comparisonOf,
  type OptimumShare,
  type Row,
} from '../src/compare/comparison.ts'
export type { DifferenceEstimate } from '../src/compare/difference.ts'
export type { ComparedResult, MatchedSeeds } from '../src/compare/matched-runs.ts'
export type { Rank, RankMetric } from '../src/compare/ranking.ts'
export type {
  CaseFacts,
  Cell,
  Contestant,
  FailedStrategy,
  Metrics,
  OptimumSummary,
  Raise,
  RawResult,
  ReplayFacts,
  Series,
  StudyFacts,
  Summary,
  WireFacts,
} from '../src/compare/raw-result.ts'
export {
  type Conclusion,
  type LeastDifference,
  type Regression,
  type RegressionOptions,
  type RegressionRow,
  regressionOf,
} from '../src/compare/regression.ts'
export type { ConclusionChange } from '../src/compare/sensitivity/changes.ts'
export type { ConclusionMetric, StudyConclusion } from '../src/compare/sensitivity/conclusions.ts'
export type { Alternative, AlternativeResult, Sensitivity, TriedFacts } from '../src/compare/sensitivity/sensitivity.ts'
export type { Estimate } from '../src/compare/statistics.ts'
export type { TenantRow, TenantSummary } from '../src/compare/tenant-figures.ts'
export {
  type Judgement,
  judgeThresholds,
  readThreshold,
  type Threshold,
  type ThresholdRead,
} from '../src/compare/thresholds.ts'
export type { Outcome } from '../src/harness/trace.ts'
export type { Phase, PooledLimit } from '../src/optimum/quota.ts'
export type { OwnStrategy } from '../src/scenario/scenario.ts'
export type { SwitchValue } from '../src/scenario/switch-table.ts'
export {
  accountKeys,
  type ClientKnowledge,
  callsPerMinute,
  callsPerSecond,
  gatewayOf,
  ownKeys,
} from './catalogue/client-knowledge.ts'
export { cellLines } from './cells/cell-lines.ts'
export { type MergedResult, mergeShards } from './cells/merge-shards.ts'
export { readCells } from './cells/read-cells.ts'
export type { Shard } from './cells/shard.ts'
export { type Origin, type ShardHeader, shardLines } from './cells/shard-lines.ts'
export type { StrategyFailure } from './cells/strategy-failures.ts'
export type { StrategyPlugin } from './plug-in.ts'
export { readSensitivity } from './read-sensitivity.ts'
export type { ResumeControls, ShardControls } from './remaining-runs.ts'
export { prepareSensitivity, type SensitivityOptions, type SensitivityStudy } from './sensitivity-study.ts'
export { prepareStudy, runStudy, type Study, type StudyCells, type StudyResult } from './study.ts'
export type { StudyControls, StudyOptions, StudyProgress } from './study-options.ts'
