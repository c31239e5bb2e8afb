import type { AlternativeResult, Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { installDrawing, sensitivityChartFile } from '../charts/files.ts'
import { shellCommand } from '../markdown/shell-command.ts'
import { markdownTable } from '../markdown/table.ts'
import { code, codeBlock, plain, sentence } from '../markdown/user-text.ts'
import { changesWith, changeText, flipsIn, ownSetting, seedsText, settingText } from '../sentences/rests-on.ts'
import {
  changing,
  optionsOf,
  sensitivityHeadline,
  sensitivityMethod,
  switchMeaning,
  unchanging,
} from './sensitivity-sentences.ts'

/** The facts about an installation of ratelab on which the Markdown of a sensitivity depends. */
export interface SensitivityInstallation {
  readonly sensitivityCommand: 'npm run sensitivity' | 'npx ratelab sensitivity'
  /** Whether charts can be drawn there. */
  readonly hasCharts: boolean
}

/** Renders a sensitivity in Markdown: a table of all alternatives, then every conclusion that one of them flips or weakens. */
export function markdownSensitivity(
  sensitivity: Sensitivity,
  { sensitivityCommand, hasCharts }: SensitivityInstallation,
): string {
  const { scenario, profile, seeds, failed = [] } = sensitivity.study
  const still = unchanging(sensitivity)
  const sections = [
    `# What rests on an assumption: ${plain(scenario.title)}`,
    `**${plain(scenario.question)}** Model ${code(scenario.model)}, profile ${code(profile.name)}, ${seedsText(seeds)}.`,
    sentence(`${sensitivityHeadline(sensitivity)}.`),
    againText(sensitivity, sensitivityCommand),
    hasCharts
      ? `![Conclusions that each value of a switch flips or weakens](${sensitivityChartFile})`
      : `There is no chart, because the packages that draw it were not installed: \`${installDrawing}\`.`,
    ...(changing(sensitivity).length > 0 ? [overview(sensitivity)] : []),
    ...(still.length > 0 ? [`Nothing changes under ${still.map((each) => code(settingText(each))).join(', ')}.`] : []),
    ...changing(sensitivity).map((each) => alternativeSection(sensitivity, each)),
    ...failed.map(({ id, message }) => `**${code(id)} failed.** ${plain(message)}`),
    ...sensitivity.alternatives.flatMap((each) =>
      (each.failed ?? []).map(
        ({ id, message }) =>
          `**${code(id)} failed under ${code(settingText(each))},** and nothing is said of it there. ${plain(message)}`,
      ),
    ),
    `## Method\n\n${sensitivityMethod(sensitivity)
      .map((each) => `- ${each}`)
      .join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function againText({ study, ...rest }: Sensitivity, command: SensitivityInstallation['sensitivityCommand']): string {
  if (study.scenario.given === undefined)
    return 'A program ran this study (`prepareSensitivity` of `ratelab/lab`); the same program gets these figures again.'
  const words = shellCommand(command, study.scenario.given, optionsOf({ study, ...rest }))
  return `To get these figures again:\n\n${codeBlock('sh', words)}`
}

function overview(sensitivity: Sensitivity): string {
  const rows = changing(sensitivity).map((each) => [
    code(settingText(each)),
    code(ownSetting(sensitivity, each)),
    switchMeaning(each),
    String(flipsIn(each)),
    String(each.changes.length - flipsIn(each)),
  ])
  return markdownTable(['under', 'in place of', 'meaning', 'flips', 'weakens'], rows, [1, 2])
}

function alternativeSection({ study }: Sensitivity, alternative: AlternativeResult): string {
  const cases = study.cases.flatMap(({ name, title }) => {
    const own = alternative.changes.filter((each) => each.case === name)
    const items = (['flips', 'weakens'] as const).flatMap((outcome) =>
      changesWith(outcome, own).map(
        (change) => `  - ${outcome === 'flips' ? '**flips:**' : 'weakens:'} ${sentence(changeText(change))}`,
      ),
    )
    return items.length === 0 ? [] : [[`- ${plain(title)}`, ...items].join('\n')]
  })
  return `## Under ${code(settingText(alternative))}\n\n${cases.join('\n')}`
}
