import type { Sweep } from '../../compare/sweeps.ts'
import { loadText } from '../../scenario/sweep-point.ts'
import { shortCount } from '../figures/figures.ts'
import { type Column, grid, gridWidth, shortened } from './grid.ts'

/** The most columns that the name of a strategy takes. */
const mostNameWidth = 28

/** Returns the curves of a sweep as lines: the goodput of each strategy at each load. Loads that do not fit beside each other follow below. */
export function sweepLines({ points, curves }: Sweep, width: number): string[] {
  const names: Column = {
    heading: ['', 'strategy'],
    align: 'left',
    cells: ['calls', ...curves.map(({ id }) => shortened(id, mostNameWidth))],
  }
  const columns = points.map(({ load, calls }, i): Column => {
    const figures = curves.map(({ goodput }) => shortCount(goodput[i]!.value))
    return { heading: ['', loadText(load)], align: 'right', cells: [shortCount(calls), ...figures] }
  })
  const blocks: Column[][] = [[]]
  for (const column of columns) {
    const last = blocks.at(-1)!
    if (last.length > 0 && gridWidth([names, ...last, column]) > width) blocks.push([column])
    else last.push(column)
  }
  // The first of the two lines of headings is empty.
  return blocks.flatMap((block) => grid([names, ...block]).slice(1))
}
