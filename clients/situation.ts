import type { MockSetup } from '../sim/mock/mock-setup.ts'
import type { WireSwitches } from '../sim/switches/wire-switches.ts'
import type { Limit } from '../src/core/limit.ts'
import type { AccountSpec, Switches } from '../src/scenario/world.ts'
import type { Client, Manner } from './task.ts'

/** What a client meets, and how it asks. */
export interface Situation {
  /** As in the report's data. */
  readonly name: string
  readonly title: string
  readonly setup: MockSetup
  /** Another client of the account has just sent one request, which fills the limits. */
  readonly isUsedUp?: boolean
  readonly key?: string
  readonly modelName?: string
  readonly stream?: boolean
  readonly manner?: Manner
  /** Only clients of this protocol can meet it. */
  readonly protocol?: Client['protocol']
  /** What a 429 advises, ms; absent: nothing. */
  readonly advice?: number
}

export const key = 'sk-ratelab'
export const model = 'qwen3-max'
/** The article's. */
export const prompt = 'Please explain how the MoE architecture works.'

/** Answers are short, of one length, and there almost at once: what takes time is the client's waiting. */
export const swift: MockSetup = {
  switches: { firstToken: 0, tokensPerSecond: 200, latencySpread: 0, burstGuard: false },
  wire: { answerTokens: 12, answerSpread: 0 },
}

function limited(limit: Limit, switches: Partial<Switches> = {}): MockSetup {
  return { ...swift, limits: { [model]: [limit] }, switches: { ...swift.switches, ...switches } }
}

function account(spec: Partial<AccountSpec>): MockSetup {
  return { ...swift, accounts: [{ name: 'main', keys: [key], ...spec }] }
}

const minute = 60_000
/** Whole seconds of advice then exceed it, so that a retry that comes when advised comes in time. */
const advised = 2500

export const oneAMinute = limited({ rule: 'rpm', limit: 1, window: minute })
export const oneASecond = limited({ rule: 'rps', limit: 1, window: 1000 })
/** Room for either of two requests with its answer of 12 tokens, but not for both. */
const tokensAMinute = limited({ rule: 'tpm', limit: 25, window: minute })
/** Every interval may carry one request; it is a minute long, and simulated time starts with one. */
const burst: MockSetup = {
  ...swift,
  switches: { ...swift.switches, burstGuard: true, burstInterval: minute, burstFloor: 0.001 },
}
export const stopped = account({ stopWhenFreeIsUsed: true })
export const arrears = account({ arrears: true })

function inStream(setup: MockSetup, wire: Partial<WireSwitches>): MockSetup {
  return { ...setup, wire: { ...setup.wire, ...wire } }
}

/** In the order of the report. */
export const situations: readonly Situation[] = [
  { name: 'answer', title: 'an answer', setup: swift },
  { name: 'stream', title: 'an answer, streamed', setup: swift, stream: true },
  { name: 'incremental', title: 'streamed, incremental_output', setup: swift, stream: true, manner: 'incremental' },
  { name: 'multimodal', title: 'an answer, MultiModalConversation', setup: swift, manner: 'multimodal' },
  { name: 'rpm', title: '429, RPM used up', setup: oneAMinute, isUsedUp: true },
  { name: 'rpm-stream', title: '429, RPM used up, stream asked for', setup: oneAMinute, isUsedUp: true, stream: true },
  { name: 'tpm', title: '429, TPM used up', setup: tokensAMinute, isUsedUp: true },
  { name: 'burst', title: '429, burst guard', setup: burst, isUsedUp: true },
  { name: 'free-quota', title: '429, free quota used up', setup: account({ payable: false }) },
  { name: 'rps', title: '429, RPS used up, free again after 1 s', setup: oneASecond, isUsedUp: true },
  {
    name: 'rps-advised',
    title: '429, free again after 2.5 s, Retry-After: 3',
    setup: limited({ rule: 'rps', limit: 1, window: advised }, { retryAfter: 'exact' }),
    isUsedUp: true,
    advice: 3000,
  },
  {
    name: 'tps-advised',
    title: '429, tokens free again after 2.5 s, Retry-After: 3',
    setup: limited({ rule: 'tps', limit: 25, window: advised }, { retryAfter: 'exact' }),
    isUsedUp: true,
    advice: 3000,
  },
  {
    name: 'advised-too-long',
    title: '429, RPM used up, Retry-After: 130',
    setup: limited({ rule: 'rpm', limit: 1, window: 130_000 }, { retryAfter: 'exact' }),
    isUsedUp: true,
  },
  { name: 'free-tier-only', title: '403, free quota used up, stop switch on', setup: stopped },
  { name: 'arrears', title: '400, arrears', setup: arrears },
  { name: 'unknown-key', title: '401, unknown key', setup: swift, key: 'sk-unknown' },
  { name: 'unknown-model', title: '404, unknown model', setup: swift, modelName: 'qwen0-max' },
  {
    name: 'capacity',
    title: '503, capacity, twice',
    setup: { ...swift, faults: [{ when: { first: 2 }, do: { capacity: true } }] },
  },
  {
    name: 'first-frame',
    title: '200, burst error as the first frame',
    setup: inStream(burst, { errorPlacement: 'first-frame' }),
    isUsedUp: true,
    stream: true,
  },
  {
    name: 'mid-stream',
    title: '200, burst error after three frames',
    setup: inStream(burst, { errorPlacement: 'mid-stream' }),
    isUsedUp: true,
    stream: true,
  },
  {
    name: 'leaked-native',
    title: '200, TPM error as a native frame',
    setup: inStream(tokensAMinute, { errorPlacement: 'first-frame', errorShape: 'leaked-native' }),
    isUsedUp: true,
    stream: true,
    protocol: 'compat',
  },
  {
    name: 'error-finish',
    title: '200, TPM error as an `error_finish` chunk',
    setup: inStream(tokensAMinute, { errorPlacement: 'first-frame', errorShape: 'error-finish' }),
    isUsedUp: true,
    stream: true,
    protocol: 'compat',
  },
]

/** What a client can meet. */
export function situationsOf({ protocol, manners }: Client): readonly Situation[] {
  return situations
    .filter((each) => each.protocol === undefined || each.protocol === protocol)
    .filter((each) => each.manner === undefined || manners.includes(each.manner))
}
