import { chosenShape, namesOf, type SwitchTable, type ValuesOf, withDefaults } from '../../src/scenario/switch-table.ts'
import { idPlaces, linkedEnvelopes } from '../errors/envelope.ts'

/** Behaviours of the wire that are not established, or that vary. They change spellings, never decisions. */
export const wireSwitchTable = {
  /** `http` is a plain status; `first-frame` the only frame of a 200; `mid-stream` a frame after some of the answer. */
  errorPlacement: {
    default: 'http',
    values: ['http', 'first-frame', 'mid-stream'],
    label: 'fact',
    meaning: 'where an error of a streaming request appears',
    note: 'all three were captured, a plain 429 is the usual one',
  },
  errorAfter: {
    default: 3,
    values: { atLeast: 1, atMost: 10_000, whole: true },
    label: 'assumption',
    meaning: 'after how many pieces of the answer a mid-stream error comes',
  },
  /**
   * `own` is what the protocol spells it as; `leaked-native` a frame of the native protocol; `error-finish` a last chunk whose text is the
   * error. A protocol in which the latter two were never seen keeps its own.
   */
  errorShape: {
    default: 'own',
    values: ['own', 'leaked-native', 'error-finish'],
    label: 'fact',
    meaning: 'what an error within a compatible stream looks like',
    note: 'all three were captured, an error object is the usual one',
  },
  errorDone: {
    default: false,
    values: [false, true],
    label: 'assumption',
    meaning: '[DONE] follows an error within a compatible stream',
    note: 'no capture shows the end of one',
  },
  errorLinks: {
    default: 'compat',
    values: linkedEnvelopes,
    label: 'fact',
    meaning: 'which messages end with a link to the page of error codes',
    note: 'both: native ones too; none: as before October 2025',
  },
  errorId: {
    default: 'request_id',
    values: idPlaces,
    label: 'fact',
    meaning: 'where a compatible error has the request’s id',
    note: 'error.id was captured from token plans and workspace domains',
  },
  limitHeaders: {
    default: false,
    values: [false, true],
    label: 'assumption',
    meaning: 'replies tell what is left of the limits in x-ratelimit-* headers',
    note: 'the service was never seen to send them',
  },
  cookie: {
    default: false,
    values: [false, true],
    label: 'fact',
    meaning: 'replies set the load balancer’s cookie, acw_tc',
    note: 'captured on some replies and not on others',
  },
  answerTokens: {
    default: 150,
    values: { atLeast: 1, atMost: 1_000_000, whole: true },
    label: 'assumption',
    meaning: 'median length of an answer',
    unit: 'tokens',
  },
  answerSpread: {
    default: 0.5,
    values: { atLeast: 0, atMost: 3 },
    label: 'assumption',
    meaning: 'standard deviation of the logarithm of that length',
    note: 'with 0 every answer has the median length',
  },
  reasoningShare: {
    default: 2,
    values: { atLeast: 0, atMost: 100 },
    label: 'assumption',
    meaning: 'tokens of reasoning before a thinking model’s answer, for each token of the answer',
  },
  frameTokens: {
    default: 4,
    values: { atLeast: 1, atMost: 10_000, whole: true },
    label: 'assumption',
    meaning: 'tokens that one frame of a stream carries',
  },
  maxTokens: {
    default: 32_768,
    values: { atLeast: 1, atMost: 1_000_000, whole: true },
    label: 'assumption',
    meaning: 'longest answer where the request names no limit',
    unit: 'tokens',
  },
} as const satisfies SwitchTable

export type WireSwitches = ValuesOf<typeof wireSwitchTable>

export const wireSwitchNames = namesOf(wireSwitchTable)

export const wireSwitchesShape = chosenShape(wireSwitchTable)

/** The defaults, with what is chosen put over them. */
export function wireSwitchesOf(chosen: Partial<WireSwitches> = {}): WireSwitches {
  return withDefaults(wireSwitchTable, chosen)
}
