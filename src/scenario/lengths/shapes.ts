import type { LogNormal } from './log-normal.ts'
import type { Quantiles } from './quantiles.ts'

/** The lengths of one kind of traffic, and where its numbers come from. */
interface ShapeRow {
  readonly lengths:
    | { readonly kind: 'quantiles'; readonly prompt: Quantiles; readonly output: Quantiles }
    | { readonly kind: 'log-normal'; readonly prompt: LogNormal; readonly output: LogNormal }
  readonly source: string
}

/** Kinds of traffic by name. Their quantiles are those that were fitted to the trace: the minimum, each 5th percentile and the maximum. */
export const lengthShapes = {
  /** Prompts of people with some history, and answers in two groups: about 100 and about 400 tokens. */
  chat: {
    lengths: {
      kind: 'quantiles',
      prompt: [
        2, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1020, 1045, 1071, 1097, 1130, 1189, 1315, 1877, 2735, 4083,
        14050,
      ],
      output: [7, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 1000],
    },
    source: 'Azure LLM inference trace 2023, conversation (AzurePublicDataset, CC-BY-4.0): all 19,366 calls',
  },
  /** Calls of programs: short prompts, very short answers, so that limits on requests bind. */
  api: {
    lengths: {
      kind: 'log-normal',
      prompt: { median: 500, spread: 0.95, most: 32_000 },
      output: { median: 34, spread: 1.3, most: 2038 },
    },
    source:
      'Qwen-Bailian trace B (qwen-bailian-usagetraces-anon, Apache-2.0): log-normals with the published medians and means of its first five ' +
      'minutes; the longest prompt is an assumption',
  },
  /** Calls with long contexts, so that limits on tokens bind. */
  agent: {
    lengths: {
      kind: 'quantiles',
      prompt: [
        891, 901, 964, 1261, 1662, 2306, 3263, 4250, 4993, 5870, 6909, 8187, 9570, 11239, 13196, 15368, 17869, 21467,
        27367, 39552, 126195,
      ],
      output: [1, 10, 24, 46, 100, 156, 213, 256, 291, 322, 350, 375, 399, 423, 447, 472, 504, 543, 597, 698, 2000],
    },
    source: 'Mooncake conversation trace (kvcache-ai/Mooncake, Apache-2.0): all 12,031 calls',
  },
} as const satisfies Record<string, ShapeRow>

/** The name of a kind of traffic. */
export type LengthShape = keyof typeof lengthShapes
