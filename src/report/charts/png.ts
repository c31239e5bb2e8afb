import { centralRows } from '../../compare/central-rows.ts'
import type { Comparison } from '../../compare/comparison.ts'
import { leadersOf } from '../../compare/leaders.ts'
import type { Regression } from '../../compare/regression.ts'
import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { sweepsOf } from '../../compare/sweeps.ts'
import { admittedChart } from './admitted.ts'
import { loadDrawing } from './drawing.ts'
import { efficiencyChart } from './efficiency.ts'
import { chartFile, chartKinds, sweepChartFile } from './files.ts'
import { regressionChart } from './regression.ts'
import { sensitivityChart } from './sensitivity.ts'
import { sweepChart } from './sweep.ts'
import { waitChart } from './wait.ts'

const builders = { efficiency: efficiencyChart, admitted: admittedChart, wait: waitChart }

/** Draws every chart of a comparison, each with the central rows, as a PNG. Keys are the paths from the report's folder. Rejects when the drawing packages do not load. */
export async function charts(comparison: Comparison): Promise<Record<string, Uint8Array>> {
  const { cases, seeds } = comparison
  const { draw, measure } = await loadDrawing()
  const pictures = cases.flatMap((chosen) => {
    const leaders = leadersOf(chosen.rows, seeds.length)
    const context = { title: chosen.title, seeds: seeds.length, leaders, measure }
    const central = { ...chosen, rows: centralRows(chosen.rows) }
    return chartKinds.map(
      async (kind) => [chartFile(chosen, kind), await draw(builders[kind](central, context))] as const,
    )
  })
  const sweeps = sweepsOf(comparison).map(
    async (sweep) => [sweepChartFile(sweep), await draw(sweepChart(sweep, seeds.length, measure))] as const,
  )
  return Object.fromEntries(await Promise.all([...pictures, ...sweeps]))
}

/** Draws the differences of two results as a PNG. */
export async function regressionPicture(regression: Regression): Promise<Uint8Array> {
  const { draw, measure } = await loadDrawing()
  return draw(regressionChart(regression, measure))
}

/** Draws how many conclusions each alternative changes as a PNG. */
export async function sensitivityPicture(sensitivity: Sensitivity): Promise<Uint8Array> {
  const { draw, measure } = await loadDrawing()
  return draw(sensitivityChart(sensitivity, measure))
}
