import { answerLevel, answerLevels } from '../../compare/answer-level.ts'
import type { Row } from '../../compare/comparison.ts'
import { percent } from '../figures/figures.ts'
import { listed, name } from './phrases.ts'

/** The results of the article's solutions in a sentence. Returns undefined when none took part. */
export function articleSentence(rows: readonly Row[]): string | undefined {
  const printed = rows.filter(({ solution }) => solution !== undefined).sort((a, b) => a.solution! - b.solution!)
  if (printed.length === 0) return undefined
  const success = ({ metrics }: Row) => metrics.success.value
  const groups = answerLevels.map((level) => {
    const own = printed.filter((row) => answerLevel(success(row)) === level)
    return [own, own.every((row) => success(row) === 1) ? 'every call' : level] as const
  })
  const clauses = groups.filter(([group]) => group.length > 0).map(([group, what]) => articleClause(group, what))
  return `As the article prints them, over the OpenAI SDK with its own two retries, ${clauses.join('; ')}.`
}

/** A clause such as `solution 1 (article-proxy 2.5 %) and solution 2 (article-backoff 3.6 %) answer hardly any call`. */
function articleClause(rows: readonly Row[], what: string): string {
  const solutions = [...new Set(rows.map(({ solution }) => solution))]
  const subjects = solutions.map((number) => {
    const own = rows.filter(({ solution }) => solution === number)
    return `solution ${number} (${own.map((row) => `${name(row)} ${percent(row.metrics.success.value)}`).join(', ')})`
  })
  return `${listed(subjects)} ${solutions.length > 1 ? 'answer' : 'answers'} ${what}`
}
