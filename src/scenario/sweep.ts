import { show } from '../core/expect.ts'
import type { Case, Scenario } from './scenario.ts'
import { greatestLoad, loadText } from './sweep-point.ts'

/** The most points of a sweep, and how many there are by default. */
const [mostPoints, usualPoints] = [20, 8]

/**
 * Reads a sweep such as `20%..300%`, or `20%..300%/15` for 15 points. Returns its loads, evenly spaced, or a sentence that says what is wrong. Default of the
 * number of points: 8.
 */
export function readSweep(field: string, given: unknown): readonly number[] | string {
  const text = typeof given === 'string' ? given : ''
  const [, from, to, points = String(usualPoints)] = /^([\d.]+)%\.\.([\d.]+)%(?:\/(\d+))?$/.exec(text) ?? []
  const [least, most, count] = [Number(from) / 100, Number(to) / 100, Number(points)]
  if (!(least > 0 && most > least && most <= greatestLoad))
    return `Expected \`${field}\` to be two ascending loads above 0 and up to ${100 * greatestLoad} %, such as 20%..300%, got ${show(given)}`
  if (count < 2 || count > mostPoints)
    return `Expected \`${field}\` to have 2 to ${mostPoints} points, such as 20%..300%/${usualPoints}, got ${show(given)}`
  return Array.from({ length: count }, (_, i) => rounded(least + ((most - least) * i) / (count - 1)))
}

/** Rounds a load to a tenth of a percent. */
function rounded(load: number): number {
  return Math.round(1000 * load) / 1000
}

/**
 * Returns the scenario with a case for each of these loads in place of each case. Thresholds and comparisons with a baseline are left out, since they are meant
 * for the scenario's own loads.
 */
export function sweptScenario({ thresholds: _, ...scenario }: Scenario, loads: readonly number[]): Scenario {
  return { ...scenario, cases: scenario.cases.flatMap((each) => loads.map((load) => sweptCase(each, load))) }
}

function sweptCase({ baseline: _, ...chosen }: Case, load: number): Case {
  const percent = loadText(load)
  return {
    ...chosen,
    name: `${chosen.name}-at-${percent.replace(' %', '').replace('.', '-')}`,
    title: `${chosen.title}, at ${percent} of this load`,
    sweep: { of: chosen.name, load },
  }
}
