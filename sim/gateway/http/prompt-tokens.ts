import { promptTexts } from '../../../src/tokens/passing-tokens.ts'
import { inTurns } from './in-turns.ts'

/** Estimates the prompt tokens of a body, as the mock does, from all fields that are a part of a prompt. Waits for `turn` between its parts. */
export async function promptTokens(body: string, turn: () => Promise<void>): Promise<number> {
  const texts = promptTexts()
  for await (const part of inTurns(body, turn)) texts.add(part)
  return texts.tokens
}
