import type { CaseComparison, Comparison } from '../../compare/comparison.ts'
import { metricNames } from '../../compare/metric-kinds.ts'
import { significance } from '../../compare/ranking.ts'
import type { Contestant } from '../../compare/raw-result.ts'
import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { sweepsOf } from '../../compare/sweeps.ts'
import { meaningOf } from '../../scenario/switch-table.ts'
import { switchNames, switchTable } from '../../scenario/switches.ts'
import { installDrawing } from '../charts/files.ts'
import { duration, whole } from '../figures/figures.ts'
import { metricTable } from '../figures/metrics.ts'
import { answerCase, sentencesOf } from '../sentences/answer.ts'
import { replaySentences } from '../sentences/replayed.ts'
import { restsOnSentences } from '../sentences/rests-on.ts'
import { wireSentences } from '../sentences/wire.ts'
import { appendixSections, caseSection } from './case.ts'
import { assumptions, modelLimits, readingAids } from './method.ts'
import { overviewSections } from './overview.ts'
import { shellCommand } from './shell-command.ts'
import { sweepSection } from './sweep.ts'
import { markdownTable } from './table.ts'
import { code, codeBlock, plain, sentence } from './user-text.ts'

/** The facts about an installation of ratelab on which a report in Markdown depends. */
export interface Installation {
  /** The command that runs a scenario there. */
  readonly runCommand: 'npm run scenario' | 'npx ratelab run'
  /** Whether charts can be drawn there. If not, the report has no links to them, and says how to get them. */
  readonly hasCharts: boolean
}

/**
 * Renders the report for people. It is a pure function, so that the same seeds give the same bytes in the same installation. With a
 * sensitivity of the same study the report says what its conclusions rest on.
 */
export function markdown(comparison: Comparison, installation: Installation, sensitivity?: Sensitivity): string {
  const { scenario, cases, failed = [] } = comparison
  const { hasCharts } = installation
  const sections = [
    `# ${plain(scenario.title)}`,
    ...[...wireSentences(comparison), ...replaySentences(comparison)].map((each) => `**${sentence(each)}**`),
    `**${plain(scenario.question)}**`,
    cases.map((chosen) => answerText(chosen, comparison)).join('\n'),
    ...(sensitivity ? [restsOnSection(comparison, sensitivity)] : []),
    ...failed.map(({ id, message }) => `**${code(id)} failed and has no row.** ${plain(message)}`),
    againText(comparison, installation),
    ...(hasCharts ? [] : [withoutCharts]),
    ...overviewSections(comparison),
    ...sweepsOf(comparison).map((sweep) => sweepSection(sweep, hasCharts)),
    ...cases.map((chosen) => caseSection(chosen, comparison, hasCharts)),
    ...appendixSections(comparison),
    strategySection(comparison),
    readingSection(comparison),
    methodSection(comparison),
  ]
  return `${sections.join('\n\n')}\n`
}

function answerText(chosen: CaseComparison, { seeds }: Comparison): string {
  const sentences = sentencesOf(answerCase(chosen, seeds.length)).map(sentence)
  return [`- **${plain(chosen.title)}**`, ...sentences.map((each) => `  - ${each}`)].join('\n')
}

function restsOnSection({ cases }: Comparison, sensitivity: Sensitivity): string {
  const items = cases.map(({ name, title }) => {
    const sentences = restsOnSentences(sensitivity, name)
    return [`- **${plain(title)}**`, ...sentences.map((each) => `  - ${sentence(each)}`)].join('\n')
  })
  return `## What it rests on\n\n${items.join('\n')}`
}

const withoutCharts = `This report has no charts, because the packages that draw them were not installed. To get them, run \`${installDrawing}\`, then \`npx ratelab report\` with the folder of this file.`

function againText({ scenario, changed, wire }: Comparison, { runCommand }: Installation): string {
  if (scenario.given === undefined && wire)
    return 'Another program sent these calls, such as k6; the same program gets similar figures again.'
  if (scenario.given === undefined)
    return 'A program ran this study (`runStudy` of `ratelab/lab`); the same program gets these figures again.'
  const purpose = wire ? 'To run the same study in virtual time' : 'To get these figures again'
  return `${purpose}:\n\n${codeBlock('sh', shellCommand(runCommand, scenario.given, changed))}`
}

function strategySection({ cases }: Comparison): string {
  const contestants = new Map<string, Contestant>()
  for (const { rows } of cases) for (const row of rows) if (!contestants.has(row.id)) contestants.set(row.id, row)
  const rows = [...contestants.values()].map(({ id, about, label, quotaText: quota, solution, terms }) => [
    code(id),
    terms === undefined ? sentence(about) : `${sentence(about)} **Terms:** ${sentence(terms)}`,
    code(label),
    plain(quota),
    solution === undefined ? '' : String(solution),
  ])
  const heading = ['strategy', 'what it does', 'as it ran', 'draws on', 'article’s solution']
  return `## The strategies\n\n${markdownTable(heading, rows, [1, 2, 3])}`
}

function readingSection({ cases }: Comparison): string {
  const measured = metricNames.filter((name) => cases.some(({ rows }) => rows.some(({ metrics }) => metrics[name])))
  const metrics = measured.map((name) => `- **${metricTable[name].heading}**: ${metricTable[name].meaning}.`)
  const aids = readingAids.map(([word, meaning]) => `- **${word}**: ${meaning}.`)
  return `## How to read the figures\n\n${[...metrics, ...aids].join('\n')}`
}

function methodSection(comparison: Comparison): string {
  const { scenario, profile, switches, changed, seeds, cases, replayed } = comparison
  const facts = [
    `- Seeds: ${seeds.join(', ')}. Every strategy meets the same arrivals, token lengths and network on one seed.`,
    `- Profile: ${code(profile.name)} (${plain(profile.title)}), prices in ${plain(profile.currency)}. Model: ${code(scenario.model)}.`,
    `- Ranks rely on differences with p < ${significance}.`,
    ...(replayed
      ? [`- Recorded trace: ${code(replayed.file)} (${plain(replayed.format)}), ${whole(replayed.rows)} rows.`]
      : []),
    ...cases.map(({ title, calls, patience, horizon }) => {
      const endless = Number.isFinite(patience) ? duration(patience) : 'endless'
      return `- ${plain(title)}: ${whole(calls)} calls, patience ${endless}, the run ends after ${duration(horizon)}.`
    }),
    `- Changed from the scenario: ${changed.length > 0 ? changed.map(code).join(', ') : 'nothing'}.`,
  ]
  const rows = switchNames.map((name) => {
    const typed = changed.some((option) => option.startsWith(`--set ${name}=`))
    return [`\`${name}\``, `\`${switches[name]}\`${typed ? ' (changed)' : ''}`, meaningOf(switchTable[name])]
  })
  return [
    `## Method\n\n${facts.join('\n')}`,
    `Switches of the simulated provider; \`docs/discoveries.md\` says what is known about each:`,
    markdownTable(['switch', 'value', 'meaning'], rows, [1, 2]),
    `### Assumptions\n\n${bullets(assumptions(comparison))}`,
    `### Limits of the model\n\n${bullets(modelLimits)}`,
  ].join('\n\n')
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n')
}
