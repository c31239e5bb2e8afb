/** How many tokens a text has. */
export type TokenCount = (text: string) => number

const ascii = /^[\x20-\x7e\s]*$/

/**
 * An estimate of ours: four Latin characters, or one and a half Chinese, Japanese or Korean ones, make a token, rounded up. The exact
 * count depends on the model's vocabulary.
 */
export const estimatedTokens: TokenCount = (text) => {
  if (ascii.test(text)) return Math.ceil(text.length / 4)
  let wide = 0
  let narrow = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (isWide(unit)) wide++
    // The second half of a pair was counted with the first: rare characters and emoji are wide.
    else if (unit < 0xdc00 || unit > 0xdfff) narrow++
  }
  return Math.ceil(narrow / 4 + wide / 1.5)
}

function isWide(unit: number): boolean {
  if (unit < 0x2e80) return false
  if (unit <= 0x9fff) return true
  return (unit >= 0xac00 && unit <= 0xdbff) || (unit >= 0xf900 && unit <= 0xfaff) || unit >= 0xff00
}

/**
 * What the template of a chat costs: five tokens around each message, and three that open the answer. Two captures of qwen-plus fit it
 * exactly: 11 prompt tokens for 你是谁？, 22 with "You are a helpful assistant." before it.
 */
export function templateTokens(messages: number): number {
  return 5 * messages + 3
}

/** What a picture, a sound or a film counts as. Really it depends on their size, which a link does not tell: an assumption. */
export const mediaTokens = 1250
