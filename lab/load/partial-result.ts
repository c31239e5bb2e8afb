import type { Cell, RawResult, StudyFacts } from '../../src/compare/raw-result.ts'

/**
 * Returns the result of a study that was stopped, from the cells of its first runs, seed by seed. When one seed is complete, the complete ones are kept;
 * otherwise the cases and strategies of the first seed that have run. Undefined when none has.
 */
export function partialResult(study: StudyFacts, cells: readonly Cell[]): RawResult | undefined {
  const [first] = study.seeds
  const runsOfSeed = study.cases.reduce((runs, { contestants }) => runs + contestants.length, 0)
  const complete = study.seeds.slice(0, Math.floor(cells.length / runsOfSeed))
  if (complete.length > 0) return inOrder({ ...study, seeds: complete }, cells)
  const has = (name: string, id: string) => cells.some((cell) => cell.case === name && cell.strategy === id)
  const cases = study.cases
    .map((each) => ({ ...each, contestants: each.contestants.filter(({ id }) => has(each.name, id)) }))
    .filter(({ contestants }) => contestants.length > 0)
  if (cases.length === 0) return undefined
  const baselines = cases.map(({ baseline, ...others }) => {
    return cases.some(({ name }) => name === baseline) ? { ...others, baseline: baseline! } : others
  })
  return inOrder({ ...study, seeds: [first!], cases: baselines }, cells)
}

/** Puts cells into the order of a study, without those that it does not have. */
export function inOrder(study: StudyFacts, cells: readonly Cell[]): RawResult {
  const byName = new Map(cells.map((cell) => [keyOf(cell.case, cell.seed, cell.strategy), cell]))
  const ordered = study.cases.flatMap(({ name, contestants }) =>
    study.seeds.flatMap((seed) => contestants.map(({ id }) => byName.get(keyOf(name, seed, id))!)),
  )
  return { study, cells: ordered }
}

function keyOf(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts)
}
