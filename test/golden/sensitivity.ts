import { concluded } from '../../src/compare/sensitivity/changes.ts'
import { alternativeResult, type Sensitivity, triedFacts } from '../../src/compare/sensitivity/sensitivity.ts'
import { leastSeeds } from '../../src/compare/statistics.ts'
import { figured } from '../src/compare/sensitivity/figure-model.ts'
import { comparison } from './comparison.ts'
import { type Figures, madeResult } from './made-result.ts'

// A sensitivity with made figures: of two cases with the names of those of the golden comparison.

const steady = (value: number) => new Array<number>(leastSeeds).fill(value)
const row = (success: number, efficiency: number) => figured(steady(success), steady(efficiency))
const noisy = (success: number, efficiency: number) =>
  figured(
    steady(success),
    [-0.2, 0, 0.2, -0.1, 0, 0.1].map((change) => efficiency + change),
  )

function studyOf(figures: Figures) {
  const made = madeResult(figures)
  const titleOf = (name: string) => comparison.cases.find((each) => each.name === name)!.title
  const cases = made.study.cases.map((each) => ({ ...each, title: titleOf(each.name) }))
  return { ...made, study: { ...made.study, cases, changed: ['--set burstGuard=false'], seeds: made.study.seeds } }
}

const usual: Figures = {
  'all-at-once': {
    'retry-pace': row(1, 0.8862),
    queue: row(0.8741, 0.8741),
    'article-backoff': row(0.0636, 0.0636),
    none: row(0.01, 0.01),
  },
  'within-the-minute': {
    'retry-pace': row(1, 0.98),
    queue: row(0.999, 0.97),
    'article-backoff': row(0.9996, 0.95),
    none: row(0.6, 0.6),
  },
}

const under = (changes: Readonly<Record<string, Figures[string]>>): Figures =>
  Object.fromEntries(Object.entries(usual).map(([name, own]) => [name, { ...own, ...changes[name] }]))

const tried = concluded(studyOf(usual))
const rejected = studyOf(
  under({
    'all-at-once': { 'retry-pace': row(0.02, 0.02), 'article-backoff': row(0.001, 0.001) },
    'within-the-minute': { 'article-backoff': row(0.028, 0.02), none: row(0.08, 0.08), queue: row(0.05, 0.05) },
  }),
)
const noisyWindow = studyOf(under({ 'all-at-once': { queue: noisy(0.97, 0.88), none: row(0.0636, 0.0636) } }))
const failing = studyOf(usual)

/** Conclusions that flip, weaken and hold, and a strategy that failed under an alternative. */
export const sensitivity: Sensitivity = {
  study: triedFacts(tried.result.study),
  conclusions: tried.conclusions,
  alternatives: [
    alternativeResult(tried, { switch: 'window', value: 'fixed' }, noisyWindow),
    alternativeResult(tried, { switch: 'rejectsCount', value: true }, rejected),
    alternativeResult(tried, { switch: 'burstGuard', value: true }, studyOf(usual)),
    alternativeResult(tried, { switch: 'burstInterval', value: 2500 }, studyOf(usual)),
    alternativeResult(
      tried,
      { switch: 'burstInterval', value: 10_000 },
      { ...failing, study: { ...failing.study, failed: [{ id: 'mine', message: 'It throws.\n  mine.ts:3' }] } },
    ),
  ],
}
