import { namesOf, type SwitchTable, valueProblem, withDefaults } from './switch-table.ts'

/** Behaviours of the wire that are not established, or that vary. They change spellings, never decisions. */
export interface WireSwitches {
  /**
   * Where an error of a streaming request appears: `http` as a plain status; `first-frame` as the only frame of a 200; `mid-stream`
   * as a frame after some of the answer.
   */
  readonly errorPlacement: 'http' | 'first-frame' | 'mid-stream'
  /** After how many pieces of the answer a `mid-stream` error comes. */
  readonly errorAfter: number
  /**
   * What an error within a stream looks like: `own` as the protocol spells it; `leaked-native` as a native frame in a compatible
   * stream; `error-finish` as a last chunk whose text it is. A protocol of which the latter two were never seen keeps its own.
   */
  readonly errorShape: 'own' | 'leaked-native' | 'error-finish'
  /** Whether `[DONE]` follows an error within a stream of the compatible protocol. */
  readonly errorDone: boolean
  /** Which messages end with a link to the page of error codes. */
  readonly errorLinks: 'compat' | 'both' | 'none'
  /** Where the compatible protocol puts the id of a request in an error. */
  readonly errorId: 'request_id' | 'error.id'
  /** Whether replies tell what is left of the limits (`x-ratelimit-*`). */
  readonly limitHeaders: boolean
  /** Whether replies set the load balancer's cookie, `acw_tc`. */
  readonly cookie: boolean
  /** Median length of an answer, tokens. */
  readonly answerTokens: number
  /** Spread of it, as the standard deviation of the logarithm. */
  readonly answerSpread: number
  /** How many tokens of reasoning come before a thinking model's answer, for each of the answer. */
  readonly reasoningShare: number
  /** How many tokens one frame of a stream carries. */
  readonly frameTokens: number
  /** What a model answers at most where the request does not say. */
  readonly maxTokens: number
}

/** Defaults, alternatives and grounds of the wire's switches. */
export const wireSwitchTable: SwitchTable<WireSwitches> = {
  errorPlacement: {
    default: 'http',
    values: ['http', 'first-frame', 'mid-stream'],
    label: 'fact',
    about: 'where an error of a streaming request appears; all three were captured, a plain 429 is the usual one',
  },
  errorAfter: {
    default: 3,
    values: { atLeast: 1, atMost: 10_000, whole: true },
    label: 'assumption',
    about: 'after how many pieces of the answer a mid-stream error comes',
  },
  errorShape: {
    default: 'own',
    values: ['own', 'leaked-native', 'error-finish'],
    label: 'fact',
    about:
      'what an error within a compatible stream looks like; all three were captured, an error object is the usual one',
  },
  errorDone: {
    default: false,
    values: [false, true],
    label: 'assumption',
    about: '[DONE] after an error within a compatible stream; no capture shows the end of one',
  },
  errorLinks: {
    default: 'compat',
    values: ['compat', 'both', 'none'],
    label: 'fact',
    about: 'whose messages end with a link; none: as before October 2025, both: native ones too',
  },
  errorId: {
    default: 'request_id',
    values: ['request_id', 'error.id'],
    label: 'fact',
    about:
      'where a compatible error has the request’s id; error.id was captured from token plans and workspace domains',
  },
  limitHeaders: {
    default: false,
    values: [false, true],
    label: 'assumption',
    about: 'x-ratelimit-* headers; the service was never seen to send them',
  },
  cookie: {
    default: false,
    values: [false, true],
    label: 'fact',
    about: 'set-cookie: acw_tc; captured on some replies and not on others',
  },
  answerTokens: {
    default: 150,
    values: { atLeast: 1, atMost: 1_000_000, whole: true },
    label: 'assumption',
    about: 'median length of an answer, tokens',
  },
  answerSpread: {
    default: 0.5,
    values: { atLeast: 0, atMost: 3 },
    label: 'assumption',
    about: 'log standard deviation of it; 0: every answer has the median length',
  },
  reasoningShare: {
    default: 2,
    values: { atLeast: 0, atMost: 100 },
    label: 'assumption',
    about: 'tokens of reasoning for each token of a thinking model’s answer',
  },
  frameTokens: {
    default: 4,
    values: { atLeast: 1, atMost: 10_000, whole: true },
    label: 'assumption',
    about: 'tokens that one frame of a stream carries',
  },
  maxTokens: {
    default: 32_768,
    values: { atLeast: 1, atMost: 1_000_000, whole: true },
    label: 'assumption',
    about: 'longest answer where the request names none',
  },
}

export const wireSwitchNames = namesOf(wireSwitchTable)

/** The defaults, with what is chosen put over them. */
export function wireSwitchesOf(chosen: Partial<WireSwitches> = {}): WireSwitches {
  return withDefaults(wireSwitchTable, chosen)
}

/** What is wrong with a value for a switch, as a sentence. */
export function wireSwitchProblem(name: keyof WireSwitches, value: unknown, field: string = name): string | undefined {
  return valueProblem(wireSwitchTable[name], value, field)
}
