import type { Millis } from '../../src/core/clock.ts'
import type { Random } from '../../src/core/random.ts'
import { fingerprint, prose } from './prose.ts'
import type { Asked, Completion, Delta } from './protocol.ts'
import type { TokenCount } from './tokens.ts'
import type { WireSwitches } from './wire-switches.ts'

/** What the model will say to one request: the same for the same prompt, whoever asks and whenever. */
export interface Speech {
  readonly promptTokens: number
  /** Output tokens before `max_tokens` cuts them. */
  readonly wanted: number
  /** The whole answer, cut after so many output tokens. */
  completion(requestId: string, now: Millis, outputTokens: number): Completion
  /** What of it a stream carries between two counts of output tokens. */
  delta(from: number, to: number): Delta
}

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

  return (asked) => {
    const print = fingerprint(asked.prompt)
    const answer = answerLength(asked, print)
    const thinking = asked.thinks ? Math.round(answer * switches.reasoningShare) : 0
    const promptTokens = Math.max(1, count(asked.prompt) + (asked.extraTokens ?? 0))
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
}
