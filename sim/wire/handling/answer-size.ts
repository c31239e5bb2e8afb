import type { Kept } from '../model/completion.ts'
import type { ModelOutput } from '../model/output.ts'
import type { BadRequest } from '../request/bad-request.ts'
import { tooMuch } from '../request/body.ts'
import type { WireSwitches } from '../wire-switches.ts'

/** The longest body of an answer, characters. At a high speed all of a stream is due at once, and then written in one turn of the event loop. */
const longestBody = 9_000_000

/** The approximate length of a frame without its text, characters. */
const frameLength = 256

/**
 * Returns the error of a request that makes its answer too long to be written, or undefined. One answer in prose is as long as the switches say,
 * which whoever runs the mock has chosen. A request makes it longer by a schema, by several choices, and by frames that repeat the text.
 */
export function tooLongAnswer(asked: Kept, output: ModelOutput, switches: WireSwitches): BadRequest | undefined {
  const { answer, choices = 1, isIncremental = true } = asked
  if (answer === undefined && choices === 1 && isIncremental) return undefined
  const length = bodyLength(asked, output, switches)
  if (length <= longestBody) return undefined
  const most = longestBody.toLocaleString('en')
  return tooMuch(
    `its answer would have some ${Math.round(length).toLocaleString('en')} characters, and the most are ${most}`,
  )
}

/** The approximate length of the body of an answer, characters. */
function bodyLength(
  asked: Kept,
  { wanted, characters }: ModelOutput,
  { frameTokens, maxTokens }: WireSwitches,
): number {
  if (!asked.isStream) return characters
  const { choices = 1, isIncremental = true } = asked
  const frames = Math.ceil(Math.min(wanted, choices * (asked.maxTokens ?? maxTokens)) / frameTokens)
  return frames * choices * frameLength + characters * (isIncremental ? 1 : frames / 2)
}
