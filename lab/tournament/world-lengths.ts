import type { Random } from '../../src/core/random.ts'
import { type DrawnLengths, meanLength } from '../../src/scenario/lengths/lengths.ts'
import { lengthShapes } from '../../src/scenario/lengths/shapes.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'

/** `max_tokens` of every call. */
export const maxTokens = 2048

/** Draws the lengths of the calls of a world. */
export function worldLengths(random: Random): DrawnLengths {
  const kind = drawnKind(frequencies.lengths, random)
  const prompt = rough(drawnScale(100, 3000, random))
  const output = rough(drawnScale(20, 500, random))
  switch (kind) {
    case 'fixed':
      return { kind, prompt, output }
    case 'log-normal': {
      const spread = rough(drawnScale(0.3, 1.2, random))
      return {
        kind,
        prompt: { median: prompt, spread, most: 8 * prompt },
        output: { median: output, spread, most: maxTokens },
      }
    }
    default:
      return { kind: 'shape', shape: kind }
  }
}

/** Returns the tokens that a call of mean length counts for at its admission, or on completion where none count before. */
export function tokensOfMeanCall(lengths: DrawnLengths, { tokenCharge }: Pick<Switches, 'tokenCharge'>): number {
  const { prompt, output } = meanLength(lengths, maxTokens)
  return prompt + (tokenCharge === 'reserve' ? maxTokens : output)
}

/** Returns the most tokens that a call of these lengths can have, of prompt and answer together. */
export function mostTokensOfCall(lengths: DrawnLengths): number {
  return longestPrompt(lengths) + maxTokens
}

function longestPrompt(lengths: DrawnLengths): number {
  switch (lengths.kind) {
    case 'fixed':
      return lengths.prompt
    case 'log-normal':
      return lengths.prompt.most
    case 'quantiles':
      return lengths.prompt.at(-1)!
    case 'shape':
      return longestPrompt(lengthShapes[lengths.shape].lengths)
  }
}
