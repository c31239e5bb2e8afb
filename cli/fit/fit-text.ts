import type { ArrivalFit, LawFit } from '../../lab/fit/arrival-fit.ts'
import type { LengthFit } from '../../lab/fit/length-fit.ts'
import type { TraceFit } from '../../lab/fit/trace-fit.ts'
import type { ReplayFacts } from '../../src/compare/raw-result.ts'
import { decimal, duration, fixed, whole } from '../../src/report/figures/figures.ts'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { wrap } from '../../src/report/terminal/grid.ts'

/** Returns a fit as text for people, in lines of at most `width` columns; the object to paste has its own lines. */
export function fitText({ file, format }: ReplayFacts, fit: TraceFit, width: number): string {
  const { arrivals, prompt, output, proposed } = fit
  const { calls, span } = arrivals
  return [
    ...wrap(`${file}: ${whole(calls)} calls in ${duration(span)} (${format})`, width),
    '',
    ...wrap('Arrivals', width),
    ...alignedRows(arrivalRows(arrivals), width),
    '',
    ...wrap('Laws with these figures: distance of the gaps, counts a minute', width),
    ...alignedRows(
      arrivals.laws.map((each) => lawRow(each, arrivals.proposed)),
      width,
    ),
    '',
    ...wrap('Lengths in tokens', width),
    ...alignedRows([...lengthRows('prompt', prompt), ...lengthRows('output', output)], width),
    '',
    ...wrap('For a case of a scenario:', width),
    ...Object.entries(proposed).map(([name, value]) => `${name}: ${JSON.stringify(value)},`),
  ].join('\n')
}

function arrivalRows({ perSecond, cv, second, minute }: ArrivalFit): string[][] {
  return [
    ['calls a second', decimal(perSecond), 'the mean'],
    ['cv of the gaps', decimal(cv), '1: Poisson; less: more even; more: in clusters'],
    ['dispersion a second', decimal(second.index), '1: Poisson; variance ÷ mean of the counts'],
    ['dispersion a minute', decimal(minute.index), 'the same; more than a second’s: the rate changes slowly'],
  ]
}

function lawRow(fit: LawFit, proposed: LawFit): string[] {
  const counts = fit.explainsCounts ? 'as chance explains' : 'vary more than the law’s'
  return [fit.law.kind, fixed(fit.distance, 3), fit === proposed ? `${counts} ← proposed` : counts]
}

function lengthRows(name: string, { mean, quantiles, logNormal, distances }: LengthFit): string[][] {
  const { median, spread } = logNormal
  const at = (share: number) => whole(quantiles[Math.round(share * (quantiles.length - 1))]!)
  return [
    [name, `mean ${whole(mean)} · median ${at(0.5)} · 95 % up to ${at(0.95)} · at most ${at(1)}`],
    [`${name} by quantiles`, `distance ${fixed(distances.quantiles, 3)}`],
    [
      `${name} by log-normal`,
      `distance ${fixed(distances.logNormal, 3)} (median ${decimal(median, 4)}, spread ${decimal(spread)})`,
    ],
  ]
}
