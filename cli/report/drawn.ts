import { installDrawing } from '../../src/report/charts/files.ts'
import { OutputError } from '../process/exit.ts'

/** Whether the packages that draw charts are installed. */
export async function canDrawHere(): Promise<boolean> {
  return (await import('../../src/report/charts/drawing.ts')).canDraw()
}

/**
 * Draws with these packages. Rejects with an `OutputError` when they cannot draw, as when there is no canvas for this platform; `rest`
 * says what is complete all the same.
 */
export async function withPackages<Drawn>(rest: string, draw: () => Promise<Drawn>): Promise<Drawn> {
  if (!(await canDrawHere()))
    throw new OutputError(
      `Expected the packages that draw charts to be installed. ${rest} To get charts: ${installDrawing}`,
    )
  return draw().catch((error) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OutputError(
      `Expected to be able to draw the charts, but: ${reason}. ${rest} Install their packages again: ${installDrawing}`,
    )
  })
}
