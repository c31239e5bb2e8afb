import { centralRows } from '../../compare/central-rows.ts'
import { type CaseComparison, type Comparison, deniedAttempts, type Row } from '../../compare/comparison.ts'
import { leadersOf } from '../../compare/leaders.ts'
import { isRanked } from '../../compare/ranking.ts'
import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { leastSeeds } from '../../compare/statistics.ts'
import { sweepsOf } from '../../compare/sweeps.ts'
import { rules } from '../../core/limit.ts'
import { duration, whole } from '../figures/figures.ts'
import { answerCase, sentencesOf } from '../sentences/answer.ts'
import { leastRankText, limitWords } from '../sentences/phrases.ts'
import { replaySentences } from '../sentences/replayed.ts'
import { restsOnSentences } from '../sentences/rests-on.ts'
import { sweepTitle } from '../sentences/sweep.ts'
import { wireSentences } from '../sentences/wire.ts'
import { wrap } from './grid.ts'
import { overviewLines } from './overview.ts'
import { ansi, type Style, unstyled } from './style.ts'
import { sweepLines } from './sweep.ts'
import { type OptionalColumn, terminalTable, wastesNothing } from './table.ts'

export interface TerminalOptions {
  /** The width of the terminal, in columns. */
  readonly width: number
  /** Whether to write colours. Nothing is shown by colour alone. */
  readonly colour: boolean
}

/** The greatest width of a line of sentences, in columns, because longer lines are hard to read. */
const widestSentence = 100

/**
 * Renders a comparison for the terminal: for each case a table, and the answer in sentences. With a sensitivity of the same study the last
 * part says what the conclusions rest on.
 */
export function terminal(
  comparison: Comparison,
  { width, colour }: TerminalOptions,
  sensitivity?: Sensitivity,
): string {
  const { scenario, profile, seeds, changed, cases, failed = [] } = comparison
  const style = colour ? ansi : unstyled
  const setting = [
    scenario.name,
    scenario.model,
    `profile ${profile.name}`,
    seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`,
    ...changed,
  ]
  const lines = [
    ...[...wireSentences(comparison), ...replaySentences(comparison)].flatMap((sentence) =>
      wrap(sentence, width).map(style.bold),
    ),
    ...wrap(scenario.question, width).map(style.bold),
    ...wrap(setting.join(' · '), width).map(style.dim),
    ...cases.flatMap((chosen) => ['', ...caseLines(chosen, comparison, width, style)]),
    ...allCasesLines(comparison, width, style),
    ...sweepsOf(comparison).flatMap((sweep) => [
      '',
      ...wrap(sweepTitle(sweep), width).map(style.bold),
      ...sweepLines(sweep, width).map(style.usual),
    ]),
    ...(sensitivity ? restsOnLines(comparison, sensitivity, width, style) : []),
    ...failed.flatMap(({ id, message }) => [
      '',
      ...wrap(`✗ ${id} failed and has no row. ${message}`, width).map(style.usual),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function caseLines(chosen: CaseComparison, { seeds, profile }: Comparison, width: number, style: Style): string[] {
  const { rows, patience } = chosen
  const leaders = leadersOf(rows, seeds.length)
  const central = centralRows(rows)
  const table = terminalTable(chosen, { width, seeds: seeds.length, currency: profile.currency, leaders })
  const facts = [
    `${whole(chosen.calls)} calls`,
    Number.isFinite(patience) ? `patience ${duration(patience)}` : 'endless patience',
    Number.isFinite(chosen.limitPerSecond)
      ? `limit ${limitWords(chosen, ' calls/s an account')}`
      : 'no limit on requests',
  ]
  const sentences = sentencesOf(answerCase(chosen, seeds.length))
  return [
    ...wrap(chosen.title, width).map(style.bold),
    ...wrap(facts.join(' · '), width).map(style.dim),
    ...table.heading.map(style.dim),
    ...table.rows.map((line, i) => (leaders.includes(central[i]!) ? style.best : style.usual)(line)),
    ...table.optima.map(style.dim),
    ...wrap(legend(chosen, central, leaders, seeds.length, table.hidden), width).map(style.dim),
    '',
    ...sentenceLines(sentences, width, style),
  ]
}

function allCasesLines(comparison: Comparison, width: number, style: Style): string[] {
  const [first, second, ...rows] = overviewLines(comparison, width)
  if (first === undefined || second === undefined) return []
  return [
    '',
    ...wrap('All cases together: efficiency in each', width).map(style.bold),
    ...[first, second].map(style.dim),
    ...rows.map(style.usual),
  ]
}

function restsOnLines({ cases }: Comparison, sensitivity: Sensitivity, width: number, style: Style): string[] {
  return cases.flatMap(({ name, title }) => [
    '',
    ...wrap(`What it rests on: ${title}`, width).map(style.bold),
    ...sentenceLines(restsOnSentences(sensitivity, name), width, style),
  ])
}

function sentenceLines(sentences: readonly string[], width: number, style: Style): string[] {
  return sentences.flatMap((sentence) =>
    wrap(`→ ${sentence.replaceAll('`', '')}`, Math.min(width, widestSentence)).map(style.usual),
  )
}

function legend(
  { rows, rankedBy }: CaseComparison,
  central: readonly Row[],
  leaders: readonly Row[],
  seeds: number,
  hidden: readonly OptionalColumn[],
): string {
  const tied = isRanked(seeds) && rows.some((row, i) => i > 0 && row.rank === rows[i - 1]!.rank)
  const overlaps = rows.some((row) => rules.reduce((sum, rule) => sum + row.deniedBy[rule], 0) > deniedAttempts(row))
  const never = rows.some(({ metrics }) => metrics.waitP95.value === Infinity)
  return [
    leaders.length === 0 ? '' : rankedBy === 'efficiency' ? '★ closest to what is reachable' : '★ shortest wait',
    tied ? `= ${seeds} seeds do not tell these apart by ${leastRankText(rankedBy)} or more` : '',
    isRanked(seeds) ? '' : `fewer than ${leastSeeds} seeds: no ranks, no intervals`,
    isRanked(seeds) && !hidden.includes('interval') ? '(a–b) 95 % interval' : '',
    never ? 'never: too few were answered' : '',
    overlaps && !hidden.includes('429s by rule') ? 'a 429 may have several rules' : '',
    wastesNothing(rows) ? 'no cost was wasted' : '',
    central.length < rows.length ? `${rows.length - central.length} more strategies stand in the report` : '',
    hidden.length > 0 ? `hidden for want of width: ${hidden.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
