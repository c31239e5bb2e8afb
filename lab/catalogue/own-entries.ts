import type { TideOptions } from '../../src/strategies/recommended/finding.ts'
import { type RecommendedOptions, recommended } from '../../src/strategies/recommended/recommended.ts'
import { type SteerOptions, steer } from '../../src/strategies/recommended/steer.ts'
import { tide } from '../../src/strategies/recommended/tide.ts'
import { toldLimits } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { gatedLineKinds } from './option-kinds.ts'

/** The laws of this project's own. */
export const ownEntries: Readonly<Record<string, CatalogueEntry>> = {
  recommended: row<Omit<RecommendedOptions, 'limits'>>({
    about:
      'What this project recommends: it shares until denials show that it is alone, then keeps to limits; told nothing.',
    options: { ...gatedLineKinds, alone: 'flag' },
    build: (_, given) => recommended(given),
  }),
  tide: row<Omit<TideOptions, 'limits'>>({
    about: 'Learns from denials which windows limit it, and fills them as soon as they have room; told nothing.',
    options: gatedLineKinds,
    build: (_, given) => tide(given),
  }),
  'tide-told': row<Omit<TideOptions, 'limits'>>({
    about: 'The same, told the documented limits.',
    options: gatedLineKinds,
    build: (knowledge, given) => tide({ limits: toldLimits(knowledge), ...given }),
  }),
  steer: row<SteerOptions>({
    about: 'A rate that processes share without talking: it grows slowly and is cut at each denial; told nothing.',
    options: gatedLineKinds,
    build: (_, given) => steer(given),
  }),
}
