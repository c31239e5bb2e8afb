import { isRanked } from '../../compare/ranking.ts'
import { leastAnswered } from '../../compare/sensitivity/changes.ts'
import type { AlternativeResult, Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { leastSeeds } from '../../compare/statistics.ts'
import { meaningOf, type SwitchTable } from '../../scenario/switch-table.ts'
import { switchNames, switchTable } from '../../scenario/switches.ts'
import { percent } from '../figures/figures.ts'
import { flipsIn, mostFlipping, seedsText } from '../sentences/rests-on.ts'

/** How many conclusions each group of alternatives changes, in words: `12 of 64 conclusions flip under 3 of 27 other values of switches`. */
export function sensitivityHeadline({ conclusions, alternatives }: Sensitivity): string {
  const changed = (outcome: string) =>
    new Set(
      alternatives.flatMap(({ changes }) =>
        changes
          .filter((each) => each.outcome === outcome)
          .map(({ case: name, kind, strategies }) => JSON.stringify([name, kind, strategies])),
      ),
    ).size
  const flipping = alternatives.filter((each) => flipsIn(each) > 0).length
  const of = `of ${conclusions.length} ${conclusions.length === 1 ? 'conclusion' : 'conclusions'}`
  const under = `${flipping} of ${alternatives.length} other ${alternatives.length === 1 ? 'value' : 'values'} of switches`
  const [flip, weaken] = [changed('flips'), changed('weakens')]
  return `${flip} ${of} ${flip === 1 ? 'flips' : 'flip'}, under ${under}; ${weaken} ${weaken === 1 ? 'weakens' : 'weaken'} under some value`
}

/** The alternatives that change a conclusion, those that flip most first. */
export function changing({ alternatives }: Sensitivity): AlternativeResult[] {
  return mostFlipping(alternatives.filter(({ changes }) => changes.length > 0))
}

/** The alternatives that change no conclusion. */
export function unchanging({ alternatives }: Sensitivity): AlternativeResult[] {
  return alternatives.filter(({ changes, failed }) => changes.length === 0 && !failed)
}

/** `12 flip, 3 weaken`. */
export function countsText({ changes }: AlternativeResult): string {
  const flips = flipsIn({ changes })
  const weakens = changes.length - flips
  return [...(flips > 0 ? [`${flips} flip`] : []), ...(weakens > 0 ? [`${weakens} weaken`] : [])].join(', ')
}

/** What the switch of an alternative sets. A file may name a switch that this version does not have. */
export function switchMeaning({ switch: key }: AlternativeResult): string {
  const row = (switchTable as SwitchTable)[key]
  return row === undefined ? '' : meaningOf(row)
}

/** The options that get a sensitivity again, behind `ratelab sensitivity <scenario>`. */
export function optionsOf({ study, alternatives }: Sensitivity): string[] {
  const tried = [...new Set(alternatives.map((each) => each.switch))]
  const all = switchNames.every((name) => tried.includes(name))
  return [...study.changed, ...(all ? [] : [`--switches ${tried.join(',')}`])]
}

/** Sentences that say how conclusions are drawn, and when one flips or weakens. */
export function sensitivityMethod({ study: { seeds } }: Sensitivity): string[] {
  return [
    'A conclusion says of one case who is best by the metric that ranks it, whether a strategy answers nearly every call, a part of the calls or hardly any, or which of two neighbours in the ranking is better. Conclusions are computed, and every other value of a switch is tried alone.',
    `It flips when the study tells the opposite under the other value: others lead and are told apart from the former leaders; the share of answered calls moves to another level, by at least ${percent(leastAnswered)} of the calls; or the order turns round. It weakens when neither it nor the opposite can be told, and when the share moves as far within its level.`,
    !isRanked(seeds.length)
      ? `With fewer than ${leastSeeds} seeds nothing can be told from chance, so nothing flips.`
      : `Every study has the same ${seedsText(seeds)}; differences are taken seed by seed and tested with p < 0.05 after Holm’s correction.`,
  ]
}
