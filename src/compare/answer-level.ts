/** A strategy that answers at least this share of the calls answers nearly every call. */
const nearlyAll = 0.99

/** A strategy that answers less than this share of the calls answers hardly any call. */
const hardlyAny = 0.1

/** How many calls a strategy answers, from the most to the fewest. */
export const answerLevels = ['nearly every call', 'a part of the calls', 'hardly any call'] as const

export type AnswerLevel = (typeof answerLevels)[number]

/** Returns the level of a share of answered calls. */
export function answerLevel(share: number): AnswerLevel {
  if (share >= nearlyAll) return 'nearly every call'
  return share < hardlyAny ? 'hardly any call' : 'a part of the calls'
}
