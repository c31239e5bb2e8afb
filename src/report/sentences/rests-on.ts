import type { ConclusionChange } from '../../compare/sensitivity/changes.ts'
import { conclusionKinds } from '../../compare/sensitivity/conclusions.ts'
import type { Alternative, AlternativeResult, Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { duration, percent } from '../figures/figures.ts'
import { listed, name, names } from './phrases.ts'

/** The greatest number of flips that one sentence names. Further ones are counted. */
const mostNamed = 4

/** A switch with a value, as `--set` takes it. */
export function settingText({ switch: key, value }: Alternative): string {
  return `${key}=${value}`
}

/** The value that the switch of an alternative has in the study itself, as `--set` takes it. */
export function ownSetting({ study }: Sensitivity, { switch: key }: Alternative): string {
  return `${key}=${study.switches[key]}`
}

/** What an alternative makes of a conclusion, in a clause without a full stop. Names of strategies are in backticks. */
export function changeText(change: ConclusionChange): string {
  const { kind, outcome, strategies, metric, figures, under } = change
  if (kind === 'lead') return leadText(change)
  const [first = '', second = ''] = strategies.map((id) => name({ id }))
  const [now, other] = under.map((value) => figureText(metric, value))
  const before = figures.map((value) => figureText(metric, value)).join(' against ')
  if (kind === 'answers') return `${first} answers ${now} of the calls instead of ${before}`
  const of = metric === 'excessWait' ? 'of wait more than needed' : 'of what is reachable'
  const shares = `${now} ${of} against ${other}, instead of ${before}`
  return outcome === 'flips'
    ? `${second} comes before ${first} (${shares})`
    : `${first} is not told to come before ${second} (${shares})`
}

function figureText(metric: ConclusionChange['metric'], value: number): string {
  return metric === 'excessWait' ? duration(value) : percent(value)
}

function leadText({ strategies, leaders = [] }: ConclusionChange): string {
  const rowsOf = (ids: readonly string[]) => ids.map((id) => ({ id }))
  const lead = (ids: readonly string[]) => `${names(rowsOf(ids))} ${ids.length > 1 ? 'lead' : 'leads'}`
  const lost = strategies.filter((id) => !leaders.includes(id))
  const joined = leaders.filter((id) => !strategies.includes(id))
  if (leaders.length === 0) return `no strategy leads instead of ${names(rowsOf(strategies))}`
  if (lost.length === strategies.length) return `${lead(leaders)} instead of ${names(rowsOf(strategies))}`
  return [
    ...(joined.length > 0 ? [`${lead(joined)}, too`] : []),
    ...(lost.length > 0 ? [`${names(rowsOf(lost))} no longer ${lost.length > 1 ? 'lead' : 'leads'}`] : []),
  ].join('; ')
}

/** The changes with this outcome: who leads first, then how many calls are answered, the greatest changes first, then the order. */
export function changesWith(
  outcome: ConclusionChange['outcome'],
  changes: readonly ConclusionChange[],
): readonly ConclusionChange[] {
  const kindOf = ({ kind }: ConclusionChange) => conclusionKinds.indexOf(kind)
  const size = ({ figures, under }: ConclusionChange) => Math.abs(under[0]! - figures[0]!)
  return changes
    .filter((each) => each.outcome === outcome)
    .sort((a, b) => kindOf(a) - kindOf(b) || (a.kind === 'answers' ? size(b) - size(a) : 0))
}

/** What the results of one case rest on, a sentence for each alternative that flips a conclusion, and a last one about the others. */
export function restsOnSentences(sensitivity: Sensitivity, caseName: string): string[] {
  const { alternatives, study } = sensitivity
  const results = alternatives.map((each) => ({ ...each, changes: each.changes.filter((c) => c.case === caseName) }))
  const flipping = results.filter(({ changes }) => changesWith('flips', changes).length > 0)
  const rest = results.length - flipping.length
  return [
    ...mostFlipping(flipping).map((each) => flipSentence(sensitivity, each)),
    rest === 0
      ? ''
      : `${restText(rest, results.length)} ${rest === 1 ? 'flips' : 'flip'} no conclusion, on ${seedsText(study.seeds)}.`,
  ].filter(Boolean)
}

/** How many conclusions an alternative flips. */
export function flipsIn({ changes }: Pick<AlternativeResult, 'changes'>): number {
  return changes.filter(({ outcome }) => outcome === 'flips').length
}

/** The alternatives that flip most conclusions first; of equal ones those that weaken most. */
export function mostFlipping(alternatives: readonly AlternativeResult[]): AlternativeResult[] {
  return [...alternatives].sort((a, b) => flipsIn(b) - flipsIn(a) || b.changes.length - a.changes.length)
}

export function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`
}

/** `This rests on a: under b …`, with the flips of one case. */
function flipSentence(sensitivity: Sensitivity, alternative: AlternativeResult): string {
  const flips = changesWith('flips', alternative.changes)
  const clauses = flips.slice(0, mostNamed).map(changeText)
  const more = flips.length - clauses.length
  const all = more > 0 ? [...clauses, `${more} more ${more === 1 ? 'conclusion flips' : 'conclusions flip'}`] : clauses
  return `This rests on \`${ownSetting(sensitivity, alternative)}\`: under \`${settingText(alternative)}\` ${listed(all)}.`
}

function restText(rest: number, all: number): string {
  if (rest === all)
    return all === 1
      ? 'The other value of a switch that was tried'
      : `All ${all} other values of switches that were tried`
  return `${rest} of ${all} other values of switches`
}
