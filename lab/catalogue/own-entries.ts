import { type SteerOptions, steer } from '../../src/strategies/recommended/steer.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { gatedLineKinds } from './option-kinds.ts'

/** The laws of this project's own. */
export const ownEntries: Readonly<Record<string, CatalogueEntry>> = {
  steer: row<SteerOptions>({
    about: 'A rate that processes share without talking: it grows slowly and is cut at each denial; told nothing.',
    options: gatedLineKinds,
    build: (_, given) => steer(given),
  }),
}
