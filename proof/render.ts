import { decimal, fixed, notApplicable, percent, whole } from '../src/report/figures/figures.ts'
import { markdownTable } from '../src/report/markdown/table.ts'
import { plain } from '../src/report/markdown/user-text.ts'
import type { DrawnPart } from './drawn-worlds.ts'
import type { ProofPart, ProofRow, ProofSheet } from './sheet.ts'

/** Renders the proof sheet as Markdown. It is a pure function of its parts. */
export function renderSheet({ parts, drawn }: ProofSheet): string {
  return `${[head, drawnWorlds(drawn), ...parts.map(part)].join('\n\n')}\n`
}

const head = `# What the recommended strategies reach

The share of the reachable is what a strategy serves, as a share of what a clairvoyant client serves under the same limits: the mean over the seeds, and the
least of a seed. Attempts are those of a call. Jain's index says how evenly the processes of a fleet share the quota; 1 is even. \`recommended\` and \`tide\` are
told nothing, and \`tide\` is for a process that is alone on its account. Beside them are \`retry-pace\`, which is told the limits, and \`retry-full\`,
which is what many clients do.

    npm run proof`

function drawnWorlds({ worlds, seeds, rows }: DrawnPart): string {
  return [
    '## Worlds drawn at random',
    `Of [the tournament](../tournament/report.md), in ${worlds} worlds that nobody knew when the strategies were made. The figure of a world is the median over ${seeds} seeds.`,
    code('npm run tournament'),
    markdownTable(
      ['strategy', 'share of the reachable', 'least', 'attempts', 'worst world'],
      rows.map(({ strategy, share, leastShare, worst, amplification }) => [
        `\`${strategy}\``,
        percent(share),
        percent(leastShare),
        decimal(amplification),
        whole(worst),
      ]),
    ),
    'These commands run the worst worlds again:',
    code(...rows.map(({ strategy, worst }) => `npm run tournament -- --world ${worst} --strategies ${strategy}`)),
  ].join('\n\n')
}

function part({ title, profile, seeds, command, totals, cases }: ProofPart): string {
  return [
    `## ${plain(title)}, with the limits of \`${profile}\``,
    `Means over ${cases.length} cases with ${seeds} seeds each. The worst world is the case and the seed with the least share.`,
    code(command),
    markdownTable(
      [...heading, 'worst world'],
      totals.map((total) => [...figures(total), `${total.worst}, seed ${total.leastSeed}`]),
      [heading.length],
    ),
    'These commands run the seeds of the worst worlds again:',
    code(...totals.map((total) => total.command)),
    ...cases.flatMap(({ name, title, rows }) => [
      `### ${plain(`${name}: ${title}`)}`,
      markdownTable(heading, rows.map(figures)),
    ]),
  ].join('\n\n')
}

const heading = ['strategy', 'share of the reachable', 'least', 'attempts', 'Jain']

function figures({ strategy, share, leastShare, amplification, jain }: ProofRow): string[] {
  const evenness = jain === undefined ? notApplicable : fixed(jain, 3)
  return [`\`${strategy}\``, percent(share), percent(leastShare), decimal(amplification), evenness]
}

function code(...lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n')
}
