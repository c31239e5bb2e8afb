import type { Completion, Delta } from './completion.ts'
import type { ModelOutput } from './output.ts'

/**
 * Several answers to one request, written side by side: every token goes to the next of them, in turn, that is not complete. `most`
 * is where `max_tokens` cuts each.
 */
export function combinedOutput(outputs: readonly ModelOutput[], most: number): ModelOutput {
  const lengths = outputs.map(({ wanted }) => Math.min(wanted, most))
  return {
    promptTokens: outputs[0]!.promptTokens,
    wanted: lengths.reduce((sum, length) => sum + length),
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

/** How many of so many tokens each answer gets, when they are dealt in turn to those that are not complete. */
export function dealt(tokens: number, lengths: readonly number[]): number[] {
  const shares = lengths.map(() => 0)
  let left = tokens
  for (;;) {
    const open = [...lengths.keys()].filter((i) => shares[i]! < lengths[i]!)
    const shortest = Math.min(...open.map((i) => lengths[i]! - shares[i]!))
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
