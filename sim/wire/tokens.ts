/** How many tokens a text has. */
export type TokenCount = (text: string) => number

const ascii = /^[\x20-\x7e\s]*$/
const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/gu

/**
 * An estimate: four Latin characters, or one and a half Chinese, Japanese or Korean ones, make a token, rounded up. The
 * rule of thumb of the provider's documentation; the exact count depends on the model's vocabulary.
 */
export const estimatedTokens: TokenCount = (text) => {
  if (ascii.test(text)) return Math.ceil(text.length / 4)
  const wideOnes = text.match(wide)?.length ?? 0
  return Math.ceil((text.length - wideOnes) / 4 + wideOnes / 1.5)
}
