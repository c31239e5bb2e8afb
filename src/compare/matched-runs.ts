import { switchNames } from '../scenario/switches.ts'
import type { CaseFacts, Cell, Contestant, FailedStrategy, RawResult, StudyFacts } from './raw-result.ts'
import { leastSeeds, mean } from './statistics.ts'

/** One of the two results that are compared. */
export interface ComparedResult {
  /** What it is called in a report, such as the path of its folder. */
  readonly label: string
  readonly result: RawResult
  /** The only strategy of the result that is compared; the other result then has one too. Default: strategies of the same id are compared. */
  readonly strategy?: string
}

/** One strategy in one case, with its cells in both results. */
export interface MatchedRun {
  readonly case: string
  /** The id of the strategy in the first result. */
  readonly strategyBefore: string
  /** The id of the strategy in the second result. */
  readonly strategyAfter: string
  /** In the order of the seeds. */
  readonly cellsBefore: readonly Cell[]
  readonly cellsAfter: readonly Cell[]
}

/** The seeds of two results that are compared. */
export interface MatchedSeeds {
  /** Whether cells of the same seed stand at the same index, so that their differences can be taken seed by seed. */
  readonly arePaired: boolean
  /** The number of seeds that count in the first result. */
  readonly before: number
  /** The number of seeds that count in the second result. */
  readonly after: number
}

/** What two results have in common. */
export interface MatchedRuns {
  readonly runs: readonly MatchedRun[]
  readonly seeds: MatchedSeeds
  /** Sentences that say what else differs, and what is left out because only one result has it. */
  readonly remarks: readonly string[]
  /** The strategies that failed in the second result, among those that are compared. */
  readonly failed: readonly FailedStrategy[]
}

/** Matches cases by name, strategies by id and seeds by number. `strategies` limits it to these ids. Default: all that both have. */
export function matchRuns(before: ComparedResult, after: ComparedResult, strategies?: readonly string[]): MatchedRuns {
  const [first, second] = [before.result.study, after.result.study]
  const { chosenBefore, chosenAfter, arePaired, remark } = matchSeeds(before, after)
  const [cellsBefore, cellsAfter] = [cellsOf(before.result, chosenBefore), cellsOf(after.result, chosenAfter)]
  const [failedBefore, failed] = [failedIn(before, strategies), failedIn(after, strategies)]
  const haveFailed = new Set([...failedBefore, ...failed].map(({ id }) => id))
  const isThere = (id: string) => !haveFailed.has(id)
  const runs: MatchedRun[] = []
  const remarks = [
    ...differentFacts(first, second),
    ...onlyIn('case', caseNames(first), caseNames(second), before, after),
    ...failedBefore.map((each) => failureText(before, each)),
    ...failed.map((each) => failureText(after, each)),
  ]
  for (const { name, contestants } of first.cases) {
    const others = second.cases.find((each) => each.name === name)?.contestants
    if (!others) continue
    const inCase = ` in the case ${name}`
    if (before.strategy === undefined) {
      const ids = wanted(contestants, strategies).filter(isThere)
      const otherIds = wanted(others, strategies).filter(isThere)
      for (const remark of onlyIn('strategy', ids, otherIds, before, after, inCase)) remarks.push(remark)
    }
    for (const [strategyBefore, strategyAfter] of pairsOf(before, after, contestants, others, strategies))
      runs.push({
        case: name,
        strategyBefore,
        strategyAfter,
        cellsBefore: cellsBefore(name, strategyBefore),
        cellsAfter: cellsAfter(name, strategyAfter),
      })
  }
  return {
    runs,
    seeds: { arePaired, before: chosenBefore.length, after: chosenAfter.length },
    remarks: [...remarks, ...otherWorkloads(runs, arePaired), ...remark],
    failed,
  }
}

/** The strategies that failed in a result. Where one strategy of it is chosen, that one has figures, and no other counts. */
function failedIn({ result, strategy }: ComparedResult, strategies?: readonly string[]): readonly FailedStrategy[] {
  const { failed = [] } = result.study
  return strategy === undefined ? failed.filter(({ id }) => strategies?.includes(id) ?? true) : []
}

function failureText({ label }: ComparedResult, { id, message }: FailedStrategy): string {
  return `${id} failed in ${label} and has no figures there: ${message.replace(/\s*\n\s*/g, ', ')}`
}

/** Whether two studies have a case with a strategy in common. A strategy that failed in one of them counts, too. */
export function haveCommonRuns(first: StudyFacts, second: StudyFacts): boolean {
  const idsIn = ({ failed = [] }: StudyFacts, { contestants }: CaseFacts) =>
    [...contestants, ...failed].map(({ id }) => id)
  return first.cases.some((own) => {
    const other = second.cases.find(({ name }) => name === own.name)
    return other && idsIn(first, own).some((id) => idsIn(second, other).includes(id))
  })
}

/** The pairs of strategies to compare in a case. */
function pairsOf(
  before: ComparedResult,
  after: ComparedResult,
  contestants: readonly Contestant[],
  others: readonly Contestant[],
  strategies?: readonly string[],
): (readonly [before: string, after: string])[] {
  const ids = others.map(({ id }) => id)
  if (before.strategy === undefined || after.strategy === undefined)
    return wanted(contestants, strategies)
      .filter((id) => ids.includes(id))
      .map((id) => [id, id])
  const haveBoth = contestants.some(({ id }) => id === before.strategy) && ids.includes(after.strategy)
  return haveBoth ? [[before.strategy, after.strategy]] : []
}

function wanted(contestants: readonly Contestant[], strategies?: readonly string[]): string[] {
  return contestants.map(({ id }) => id).filter((id) => strategies === undefined || strategies.includes(id))
}

function cellsOf({ cells }: RawResult, seeds: readonly number[]): (name: string, strategy: string) => Cell[] {
  const keyOf = (name: string, strategy: string) => JSON.stringify([name, strategy])
  const groups = Map.groupBy(cells, (cell) => keyOf(cell.case, cell.strategy))
  return (name, strategy) => {
    const bySeed = new Map(groups.get(keyOf(name, strategy))?.map((cell) => [cell.seed, cell]))
    return seeds.map((seed) => bySeed.get(seed)!)
  }
}

/** Chooses the seeds. Pairs that are too few for an interval are worth less than two samples, unless a result has no other seeds. */
function matchSeeds(before: ComparedResult, after: ComparedResult) {
  const [first, second] = [before.result.study.seeds, after.result.study.seeds]
  const common = first.filter((seed) => second.includes(seed))
  const shorter = Math.min(first.length, second.length)
  const arePaired = common.length >= Math.min(leastSeeds, shorter)
  const tooFew = `With fewer than ${leastSeeds} seeds there is no interval, and only a difference that is the same on every seed leads to a conclusion: run both with more seeds, such as \`--seeds 20\`.`
  if (!arePaired) {
    const few = common.length === 0 ? 'no seed' : `only ${common.length} seed${common.length === 1 ? '' : 's'}`
    const sentence = `${before.label} and ${after.label} have ${few} in common, so they are compared as independent samples (Mann and Whitney), which finds less: run both with the same seeds.`
    return {
      chosenBefore: first,
      chosenAfter: second,
      arePaired,
      remark: [sentence, ...(shorter < leastSeeds ? [tooFew] : [])],
    }
  }
  const left = [leftOut(before, first, common), leftOut(after, second, common)].flat()
  return {
    chosenBefore: common,
    chosenAfter: common,
    arePaired,
    remark: [...left, ...(common.length < leastSeeds ? [tooFew] : [])],
  }
}

function leftOut({ label }: ComparedResult, seeds: readonly number[], common: readonly number[]): string[] {
  const count = seeds.length - common.length
  if (count === 0) return []
  const [what, are] = count === 1 ? ['1 seed', 'is'] : [`${count} seeds`, 'are']
  return [`${what} that only ${label} has ${are} left out; ${common.length} in common are compared pair by pair.`]
}

function caseNames({ cases }: StudyFacts): string[] {
  return cases.map(({ name }) => name)
}

/** Sentences about the names that only one of the results has. */
function onlyIn(
  noun: 'case' | 'strategy',
  first: readonly string[],
  second: readonly string[],
  before: ComparedResult,
  after: ComparedResult,
  place = '',
): string[] {
  const plural = noun === 'case' ? 'cases' : 'strategies'
  return [
    [before.label, first.filter((name) => !second.includes(name))] as const,
    [after.label, second.filter((name) => !first.includes(name))] as const,
  ].flatMap(([label, names]) =>
    names.length === 0
      ? []
      : [`Only ${label} has the ${names.length === 1 ? noun : plural} ${names.join(', ')}${place}: not compared.`],
  )
}

/** Sentences about what the two studies asked differently. */
function differentFacts(first: StudyFacts, second: StudyFacts): string[] {
  const [a, b] = [first.profile, second.profile]
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['scenarios', first.scenario.name, second.scenario.name],
    ['models', first.scenario.model, second.scenario.model],
    ['profiles', a.name, b.name],
    ...switchNames.map(
      (name) => [`values of the switch ${name}`, first.switches[name], second.switches[name]] as const,
    ),
    ['changed options', options(first), options(second)],
    ['places of measurement', placeOf(first), placeOf(second)],
  ]
  const money =
    a.currency === b.currency
      ? []
      : [`Prices are in ${a.currency} and in ${b.currency}, so metrics of money are not compared.`]
  return [...facts.filter(([, x, y]) => x !== y).map(([what, x, y]) => `The ${what} differ: ${x} and ${y}.`), ...money]
}

function placeOf({ wire }: StudyFacts): string {
  return wire ? `the wire (${wire.address}, ${wire.speed} times real time)` : 'virtual time'
}

/** The changed options without those that are told apart anyway: strategies, seeds and the profile. */
function options({ changed }: StudyFacts): string {
  return changed.filter((each) => !/^(--(strategies|seeds?|profile) |seeds )/.test(each)).join(' ') || 'none'
}

/** A sentence about the cases in which the two results do not offer the same calls. */
function otherWorkloads(runs: readonly MatchedRun[], arePaired: boolean): string[] {
  const callsOf = (cells: readonly Cell[]) => cells.map(({ summary }) => summary.calls)
  const differ = runs.filter(({ cellsBefore, cellsAfter }) => {
    const [a, b] = [callsOf(cellsBefore), callsOf(cellsAfter)]
    return arePaired && a.some((calls, i) => calls !== b[i])
  })
  return [...new Map(differ.map((run) => [run.case, run])).values()].map(({ case: name, cellsBefore, cellsAfter }) => {
    const [a, b] = [mean(callsOf(cellsBefore)), mean(callsOf(cellsAfter))].map((calls) => Math.round(calls * 10) / 10)
    return `The case ${name} does not offer the same calls in both: ${a} and ${b} on average. The workload itself is part of its differences.`
  })
}
