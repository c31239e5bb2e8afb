import type { ChartConfiguration } from 'chart.js'
import { decimal, whole } from '../figures/figures.ts'
import { highestOf, type Panel } from './admitted-panels.ts'
import type { Measure } from './font.ts'
import { ink } from './palette.ts'
import { widest } from './text.ts'

type Axis = NonNullable<NonNullable<NonNullable<ChartConfiguration['options']>['scales']>[string]>

/** The name of the vertical axis of a panel's admitted attempts. */
export function admittedAxis(panel: number): string {
  return `y${panel}`
}

/** The name of the vertical axis of a panel's denied attempts. */
export function deniedAxis(panel: number): string {
  return `denied${panel}`
}

/** The room in CSS pixels: for names, and in each panel for admitted and for denied attempts. `mostDenied` is the end of the axis of the latter. */
export interface PanelRoom {
  readonly names: number
  readonly upper: number
  /** 0: no attempt was denied. */
  readonly lower: number
  readonly mostDenied: number
  readonly measure: Measure
}

/** Returns the vertical axes of the panels by name, and the room for their labels in CSS pixels. */
export function panelAxes(panels: readonly Panel[], { names, upper, lower, mostDenied, measure }: PanelRoom) {
  const tickTexts = [...panels.flatMap(limitTicks).map((tick) => decimal(tick, 2)), whole(mostDenied)]
  const ticks = 22 + widest(tickTexts, Infinity, { size: 11 }, measure)
  const width = names + ticks
  const scales: Record<string, Axis> = {}
  panels.forEach((panel, i) => {
    // Axes are stacked from the greatest weight, at the top, to the smallest.
    const weight = 2 * (panels.length - i)
    scales[admittedAxis(i)] = {
      ...panelAxis(
        weight + 1,
        upper,
        width,
        [0, ...limitTicks(panel)].map((value) => ({ value, label: decimal(value, 2) })),
      ),
      max: panel.top,
    }
    if (lower > 0)
      scales[deniedAxis(i)] = {
        ...panelAxis(
          weight,
          lower,
          width,
          [{ value: deniedHeightOf(mostDenied), label: whole(mostDenied) }],
          ink.denied,
        ),
        max: 1.25 * deniedHeightOf(mostDenied),
        reverse: true,
      }
  })
  return { scales, ticks }
}

/** The limits that the axis of a panel names: the highest, and that at the start when it is not close to the highest or to 0. */
function limitTicks({ limits }: Panel): number[] {
  const [start, highest] = [limits[0]!.perSecond, highestOf(limits)]
  if (!Number.isFinite(highest)) return []
  const share = start / highest
  return share > 0.25 && share < 0.75 ? [start, highest] : [highest]
}

/** The least power of ten that is not below the value. 0: the value is 0. */
export function powerOfTen(value: number): number {
  return value > 0 ? 10 ** Math.max(1, Math.ceil(Math.log10(value) - 1e-9)) : 0
}

/** How far below the axis a rate of denied attempts is drawn. It is 0 for 0, and grows with the logarithm. */
export function deniedHeightOf(perSecond: number): number {
  return Math.log10(1 + perSecond)
}

function panelAxis(
  weight: number,
  height: number,
  width: number,
  ticks: readonly { value: number; label: string }[],
  color: string = ink.quiet,
) {
  return {
    type: 'linear' as const,
    stack: 'panels',
    stackWeight: height,
    position: 'left' as const,
    weight,
    min: 0,
    offset: false,
    grid: { display: false },
    border: { color: ink.grid },
    ticks: { color, font: { size: 11 } },
    afterBuildTicks(scale) {
      scale.ticks = ticks.map((tick) => ({ ...tick }))
    },
    afterTickToLabelConversion(scale) {
      scale.ticks = ticks.map((tick) => ({ ...tick }))
    },
    // This leaves room for the strategy's name.
    afterFit(scale) {
      scale.width = width
    },
  } satisfies Axis
}
