import type { Installation } from '../../src/report/markdown/markdown.ts'

/** A checkout of the repository, which writes the committed reports. */
export const checkout: Installation = { runCommand: 'npm run scenario', hasCharts: true }

/** The published package without the packages that draw the charts. */
export const bare: Installation = { runCommand: 'npx ratelab run', hasCharts: false }
