import { aatb } from '../../src/strategies/adaptive/aatb.ts'
import { type AimdOptions, aimd } from '../../src/strategies/adaptive/aimd.ts'
import { type AlibabaEbpOptions, alibabaEbp } from '../../src/strategies/adaptive/alibaba-ebp.ts'
import { atb } from '../../src/strategies/adaptive/atb.ts'
import { awsAdaptive } from '../../src/strategies/adaptive/aws-adaptive.ts'
import { type DataDesignerOptions, dataDesigner } from '../../src/strategies/adaptive/data-designer.ts'
import { type ErrorAwareOptions, errorAware } from '../../src/strategies/adaptive/error-aware.ts'
import { type Gradient2Options, gradient2 } from '../../src/strategies/adaptive/gradient2.ts'
import { type InspectAiOptions, inspectAi } from '../../src/strategies/adaptive/inspect-ai.ts'
import { type LlmDOptions, llmD } from '../../src/strategies/adaptive/llm-d.ts'
import { type SreThrottleOptions, sreThrottle } from '../../src/strategies/adaptive/sre-throttle.ts'
import type { WaitingOptions } from '../../src/strategies/pacing/line.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { lineKinds } from './option-kinds.ts'

const concurrencyKinds = { ...lineKinds, start: 'number', least: 'number', most: 'number' } as const
const aimdKinds = {
  ...lineKinds,
  start: 'number',
  doubling: 'number',
  increase: 'number',
  decrease: 'number',
  floor: 'number',
} as const

/** The strategies that learn from replies how fast they may send, and are told no limit. */
export const adaptiveEntries: Readonly<Record<string, CatalogueEntry>> = {
  aimd: row<AimdOptions>({
    about:
      'A rate that doubles every 4 s until the first 429, then grows by 1 % a second and falls by 10 %, once a flight.',
    options: aimdKinds,
    build: (_, given) => aimd(given),
  }),
  'error-aware': row<ErrorAwareOptions>({
    about:
      'As aimd, with an answer to each cause: cuts the rate for requests, waits for tokens, starts slowly after the burst guard.',
    options: aimdKinds,
    build: (_, given) => errorAware(given),
  }),
  'aws-adaptive': row<WaitingOptions>({
    about: 'The adaptive mode of the AWS SDKs: a token bucket whose rate CUBIC moves, tried until the deadline.',
    options: lineKinds,
    build: (_, given) => awsAdaptive(given),
  }),
  atb: row<WaitingOptions>({
    about: 'An adaptive token bucket: its rate grows by a half or a fifth with each answer, and halves with each 429.',
    options: lineKinds,
    build: (_, given) => atb(given),
  }),
  aatb: row<WaitingOptions>({
    about: 'The adaptive token bucket whose tenants know of each other what they do.',
    options: lineKinds,
    build: (_, given) => aatb(given),
  }),
  'sre-throttle': row<SreThrottleOptions>({
    about: 'The client-side throttling of the SRE book with a line in front: 2 attempts for each that is accepted.',
    options: { ...lineKinds, multiplier: 'number', window: 'number', pause: 'number' },
    build: (_, given) => sreThrottle(given),
  }),
  inspect: row<InspectAiOptions>({
    about:
      'The adaptive concurrency of inspect_ai: 10 to 100 calls in flight, which keep their places through their retries.',
    options: concurrencyKinds,
    build: (_, given) => inspectAi(given),
  }),
  'data-designer': row<DataDesignerOptions>({
    about:
      'The adaptive concurrency of NeMo Data Designer: from 64, a quarter less after a 429, 1 more after 25 answers.',
    options: { ...lineKinds, most: 'number' },
    build: (_, given) => dataDesigner(given),
  }),
  'llm-d': row<LlmDOptions>({
    about: 'The adaptive concurrency of llm-d’s batch gateway: 5 to 100, halved by each 429.',
    options: concurrencyKinds,
    build: (_, given) => llmD(given),
  }),
  'alibaba-ebp': row<AlibabaEbpOptions>({
    about:
      'The elastic bandwidth probing that Alibaba Cloud describes: adaptive concurrency that drains after an error.',
    options: { ...lineKinds, start: 'number', most: 'number' },
    build: (_, given) => alibabaEbp(given),
  }),
  gradient2: row<Gradient2Options>({
    about: 'The Gradient2 limit of Netflix, which learns from round trips and is blind to quotas: a negative control.',
    options: { ...concurrencyKinds, tolerance: 'number' },
    build: (_, given) => gradient2(given),
  }),
}
