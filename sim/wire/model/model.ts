import { normalsAt, type Random } from '../../../src/core/random.ts'
import type { WireSwitches } from '../wire-switches.ts'
import { combinedOutput } from './choices.ts'
import type { Kept } from './completion.ts'
import type { ModelOutput } from './output.ts'
import { fingerprint, prose } from './prose.ts'
import { type Script, stoppedScript, writtenScript } from './script.ts'
import { stopWordSearch } from './stop-words.ts'
import type { TokenCount } from './tokens.ts'

/**
 * The simulated model. It answers with prose whose length is drawn for the prompt, and thinks before that if it is asked to. `count` counts the
 * tokens of prompts and of fixed answers.
 */
export function simulatedModel(
  switches: WireSwitches,
  count: TokenCount,
  random: Random,
): (asked: Kept, prompt: string) => ModelOutput {
  const text = prose(random.fork('answers'))
  const thoughts = prose(random.fork('reasoning'))
  const lengths = random.fork('lengths')

  function proseLength(print: number): number {
    const { answerTokens, answerSpread } = switches
    if (answerSpread === 0) return answerTokens
    const [normal] = normalsAt(print, lengths)
    return Math.max(1, Math.round(answerTokens * Math.exp(answerSpread * normal)))
  }

  /** The text of the answer, without the reasoning. */
  function scriptOf({ makes, tool, answer, stop = [] }: Kept, print: number, most: number): Script {
    if (makes === 'vectors') return { tokens: 0, upTo: () => '' }
    if (tool) return { tokens: Math.max(1, count(tool.name) + count(tool.arguments)), upTo: () => '' }
    const script =
      answer === undefined
        ? { tokens: proseLength(print), upTo: (tokens: number) => text.cut(print, tokens) }
        : writtenScript(answer, Math.max(1, count(answer)))
    return stop.length === 0 ? script : stoppedScript(script, stopWordSearch(stop), most)
  }

  /** One answer to the prompt that has this fingerprint. */
  function singleOutput(asked: Kept, promptTokens: number, print: number): ModelOutput {
    const { maxTokens = switches.maxTokens } = asked
    const script = scriptOf(asked, print, maxTokens)
    const answer = script.tokens
    const { thinkingTokens = Infinity } = asked
    const thinking = asked.thinks ? Math.min(thinkingTokens, Math.round(answer * switches.reasoningShare)) : 0
    const reasoningTo = (tokens: number) => thoughts.cut(print, Math.min(tokens, thinking))
    const textTo = (tokens: number) => script.upTo(Math.max(0, tokens - thinking))
    const length = (tokens: number) => reasoningTo(tokens).length + textTo(tokens).length
    return {
      promptTokens,
      wanted: thinking + answer,
      characters: length(Math.min(thinking + answer, maxTokens)),
      completion(requestId, now, outputTokens) {
        const isWhole = outputTokens >= thinking + answer
        return {
          requestId,
          created: Math.floor(now / 1000),
          model: asked.model,
          text: textTo(outputTokens),
          reasoning: reasoningTo(outputTokens),
          tool: isWhole ? asked.tool : undefined,
          finish: isWhole ? (asked.tool ? 'tool_calls' : 'stop') : 'length',
          ...(isWhole && script.stopWord !== undefined && { stopWord: script.stopWord }),
          usage: { promptTokens, outputTokens, reasoningTokens: Math.min(outputTokens, thinking) },
        }
      },
      delta(from, to) {
        const textSoFar = textTo(to)
        const reasoningSoFar = reasoningTo(to)
        return {
          text: textSoFar.slice(textTo(from).length),
          textSoFar,
          reasoning: reasoningSoFar.slice(reasoningTo(from).length),
          reasoningSoFar,
          outputTokens: to,
        }
      },
    }
  }

  return (asked, prompt) => {
    const print = fingerprint(prompt)
    const promptTokens = Math.max(1, count(prompt) + (asked.extraTokens ?? 0))
    const { choices = 1, maxTokens = switches.maxTokens } = asked
    const first = singleOutput(asked, promptTokens, print)
    if (choices === 1) return first
    const others = Array.from({ length: choices - 1 }, (_, i) =>
      singleOutput(asked, promptTokens, fingerprint(`${print} ${i}`)),
    )
    return combinedOutput([first, ...others], maxTokens)
  }
}
