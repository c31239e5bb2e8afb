import type { Regression, RegressionRow } from '../../compare/regression.ts'
import { rowText } from '../figures/row-text.ts'
import { markdownTable } from '../markdown/table.ts'
import { plain } from '../markdown/user-text.ts'
import { conclusionCounts, failedCount, headline, methodOf } from './regression-sentences.ts'

/** A comment on GitHub has at most 65,536 characters; a row has about 100. */
const mostFolded = 200

/** Renders the differences of two results in Markdown, as a comment on a pull request: what differs is open, the rest is folded. */
export function markdownRegression(regression: Regression): string {
  const isSilent = ({ conclusion }: RegressionRow) => conclusion === 'not distinguishable'
  const open = regression.rows.filter((row) => !isSilent(row))
  const folded = regression.rows.filter(isSilent)
  const { worse } = conclusionCounts(regression)
  const sections = [
    `### ratelab compare: ${[...failedCount(regression), ...(worse > 0 ? [`${worse} worse`] : [])].join(', ') || 'nothing became worse'}`,
    `${plain(headline(regression))}.`,
    ...(open.length > 0 ? [table(open, regression.currency)] : ['No difference can be told from chance.']),
    ...(folded.length > 0
      ? [
          `<details><summary>Not distinguishable: ${folded.length}</summary>`,
          folded.length > mostFolded
            ? 'There are too many for a comment; `ratelab compare` shows them with `--all`.'
            : table(folded, regression.currency),
          '</details>',
        ]
      : []),
    [...regression.remarks, ...methodOf(regression)].map((sentence) => `- ${plain(sentence)}`).join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function table(rows: readonly RegressionRow[], currency: string): string {
  const heading = ['case', 'strategy', 'metric', 'before', 'after', 'difference', 'conclusion']
  const cells = rows.map((row) => {
    const { strategy, metric, before, after, difference, conclusion } = rowText(row, currency)
    return [plain(row.case), plain(strategy), metric, before, after, difference, conclusion]
  })
  return markdownTable(heading, cells, [1, 2, 6])
}
