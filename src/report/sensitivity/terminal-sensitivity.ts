import type { AlternativeResult, Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { printable } from '../../core/printable.ts'
import { changesWith, changeText, ownSetting, seedsText, settingText } from '../sentences/rests-on.ts'
import { wrap } from '../terminal/grid.ts'
import {
  changing,
  countsText,
  sensitivityHeadline,
  sensitivityMethod,
  switchMeaning,
  unchanging,
} from './sensitivity-sentences.ts'

/** How many changes of one kind an alternative shows for a case. Further ones are counted; Markdown has them all. */
const mostShown = 12

/**
 * Renders a sensitivity for the terminal, in lines of at most `width` columns: the alternatives that flip most first, then those that only
 * weaken, then those that change nothing.
 */
export function terminalSensitivity(sensitivity: Sensitivity, { width }: { readonly width: number }): string {
  const { scenario, profile, changed, seeds, failed = [] } = sensitivity.study
  const setting = [scenario.name, scenario.model, `profile ${profile.name}`, seedsText(seeds), ...changed]
  const still = unchanging(sensitivity).map(settingText)
  const lines = [
    ...wrap(`Which conclusions rest on an assumption? ${scenario.question}`, width),
    ...wrap(setting.join(' · '), width),
    '',
    ...wrap(`${sensitivityHeadline(sensitivity)}.`, width),
    ...changing(sensitivity).flatMap((each) => ['', ...alternativeLines(sensitivity, each, width)]),
    ...(still.length > 0 ? ['', ...hanging('· ', `Nothing changes under ${still.join(', ')}.`, width)] : []),
    ...failureLines(sensitivity, width),
    ...failed.flatMap(({ id, message }) => ['', ...hanging('✗ ', `${id} failed. ${message}`, width)]),
    '',
    ...sensitivityMethod(sensitivity).flatMap((sentence) => hanging('· ', sentence, width)),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function alternativeLines(sensitivity: Sensitivity, alternative: AlternativeResult, width: number): string[] {
  const heading = `${settingText(alternative)} in place of ${ownSetting(sensitivity, alternative)}: ${countsText(alternative)}`
  const isOneCase = sensitivity.study.cases.length === 1
  return [
    ...hanging(changesWith('flips', alternative.changes).length > 0 ? '▼ ' : '· ', heading, width),
    ...wrap(switchMeaning(alternative), width - 2).map((line) => `  ${line}`),
    ...sensitivity.study.cases.flatMap(({ name, title }) => {
      const own = alternative.changes.filter((each) => each.case === name)
      const lines = (['flips', 'weakens'] as const).flatMap((outcome) => changeLines(own, outcome, width))
      return lines.length === 0 ? [] : [...(isOneCase ? [] : hanging('  ', title, width)), ...lines]
    }),
  ]
}

function changeLines(
  changes: AlternativeResult['changes'],
  outcome: 'flips' | 'weakens',
  width: number,
): readonly string[] {
  const own = changesWith(outcome, changes)
  const more = own.length - mostShown
  return [
    ...own.slice(0, mostShown).map(changeText),
    ...(more > 0 ? [`${more} more; --format md shows them`] : []),
  ].flatMap((text) => hanging(`    ${outcome} `, text.replaceAll('`', ''), width))
}

function failureLines({ alternatives }: Sensitivity, width: number): string[] {
  return alternatives.flatMap((each) =>
    (each.failed ?? []).flatMap(({ id, message }) => [
      '',
      ...hanging('✗ ', `${id} failed under ${settingText(each)}, and nothing is said of it there. ${message}`, width),
    ]),
  )
}

/** Breaks a text into lines that stand beside a mark. */
function hanging(mark: string, text: string, width: number): string[] {
  return wrap(text, width - mark.length).map((line, i) => `${i === 0 ? mark : ' '.repeat(mark.length)}${line}`)
}
