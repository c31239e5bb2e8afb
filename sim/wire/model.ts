import type { Random } from '../../src/core/random.ts'
import { chorus } from './chorus.ts'
import { fingerprint, prose } from './prose.ts'
import type { Asked } from './protocol.ts'
import type { Speech } from './speech.ts'
import type { TokenCount } from './tokens.ts'
import type { WireSwitches } from './wire-switches.ts'

/** The simulated model: prose of a length drawn for the prompt, and reasoning before it where the model thinks. */
export function model(switches: WireSwitches, count: TokenCount, random: Random): (asked: Asked) => Speech {
  const text = prose(random.fork('answers'))
  const thoughts = prose(random.fork('reasoning'))
  const lengths = random.fork('lengths')

  function answerLength(asked: Asked, print: number): number {
    if (asked.makes === 'vectors') return 0
    if (asked.tool) return Math.max(1, count(asked.tool.name) + count(asked.tool.arguments))
    const { answerTokens, answerSpread } = switches
    if (answerSpread === 0) return answerTokens
    // Box–Muller on two draws that belong to the prompt.
    const normal = Math.sqrt(-2 * Math.log(1 - lengths.at(print, 0))) * Math.cos(2 * Math.PI * lengths.at(print, 1))
    return Math.max(1, Math.round(answerTokens * Math.exp(answerSpread * normal)))
  }

  /** One answer to a prompt of this fingerprint. */
  function voice(asked: Asked, promptTokens: number, print: number): Speech {
    const answer = answerLength(asked, print)
    const { thinkingTokens = Infinity } = asked
    const thinking = asked.thinks ? Math.min(thinkingTokens, Math.round(answer * switches.reasoningShare)) : 0
    const reasoningTo = (tokens: number) => thoughts.cut(print, Math.min(tokens, thinking))
    const textTo = (tokens: number) => (asked.tool ? '' : text.cut(print, Math.max(0, tokens - thinking)))
    return {
      promptTokens,
      wanted: thinking + answer,
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

  return (asked) => {
    const print = fingerprint(asked.prompt)
    const promptTokens = Math.max(1, count(asked.prompt) + (asked.extraTokens ?? 0))
    const { choices = 1, maxTokens = switches.maxTokens } = asked
    const first = voice(asked, promptTokens, print)
    if (choices === 1) return first
    const others = Array.from({ length: choices - 1 }, (_, i) =>
      voice(asked, promptTokens, fingerprint(`${print} ${i}`)),
    )
    return chorus([first, ...others], maxTokens)
  }
}
