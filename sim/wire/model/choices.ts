import { minimum } from '../../../src/core/extremes.ts'
import type { Completion, Delta } from './completion.ts'
import type { ModelOutput } from './output.ts'

/**
 * Several answers to one request, which are written side by side: each token belongs to the next answer in turn that is not complete. `most`
 * is the number of tokens after which `max_tokens` cuts each answer.
 */
export function combinedOutput(outputs: readonly ModelOutput[], most: number): ModelOutput {
  const lengths = outputs.map(({ wanted }) => Math.min(wanted, most))
  return {
    promptTokens: outputs[0]!.promptTokens,
    wanted: total(lengths),
    characters: total(outputs.map(({ characters }) => characters)),
    completion(requestId, now, outputTokens) {
      const shares = dealt(outputTokens, lengths)
      const [first, ...others] = outputs.map((output, i) => output.completion(requestId, now, shares[i]!))
      const reasoningTokens = total([first!, ...others].map(({ usage }) => usage.reasoningTokens))
      return { ...first!, usage: { ...first!.usage, outputTokens, reasoningTokens }, others } satisfies Completion
    },
    delta(from, to) {
      const before = dealt(from, lengths)
      const after = dealt(to, lengths)
      const [first, ...others] = outputs.map((output, i) => output.delta(before[i]!, after[i]!))
      return { ...first!, outputTokens: to, others } satisfies Delta
    },
  }
}

/** How many tokens each answer has when this many tokens are dealt, in turn, to the answers that are not complete. */
export function dealt(tokens: number, lengths: readonly number[]): number[] {
  const shares = lengths.map(() => 0)
  let left = tokens
  for (;;) {
    const open = [...lengths.keys()].filter((i) => shares[i]! < lengths[i]!)
    const shortest = minimum(open.map((i) => lengths[i]! - shares[i]!))
    const rounds = Math.min(shortest, Math.floor(left / open.length))
    if (open.length === 0 || rounds === 0) {
      for (const i of open.slice(0, left)) shares[i]!++
      return shares
    }
    for (const i of open) shares[i]! += rounds
    left -= rounds * open.length
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}
