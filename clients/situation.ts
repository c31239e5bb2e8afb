import type { MockSetup } from '../sim/setup/mock-setup.ts'
import type { WireSwitches } from '../sim/wire/wire-switches.ts'
import type { Limit } from '../src/core/limit.ts'
import type { AccountSpec } from '../src/scenario/accounts.ts'
import type { Switches } from '../src/scenario/switches.ts'
import type { CallVariant, Client } from './task.ts'

/** A world for a client, and the request that the client makes in it. */
export interface Situation {
  /** The name in the report's data. */
  readonly name: string
  readonly title: string
  readonly setup: MockSetup
  /** Whether another client of the account has just sent a request that uses up the limits. */
  readonly isUsedUp?: boolean
  readonly key?: string
  readonly modelName?: string
  readonly stream?: boolean
  readonly variant?: CallVariant
  /** The protocol that a client must use. Default: any. */
  readonly protocol?: Client['protocol']
  /** The Retry-After of a 429, in milliseconds. Default: a 429 has none. */
  readonly advice?: number
}

export const key = 'sk-ratelab'
export const model = 'qwen3-max'
/** The prompt of the article's examples. */
export const prompt = 'Please explain how the MoE architecture works.'

/** Answers are short, have one length and come almost at once, so that nearly all the time is the client's waits. */
export const fastAnswers: MockSetup = {
  switches: { firstToken: 0, tokensPerSecond: 200, latencySpread: 0, burstGuard: false },
  wire: { answerTokens: 12, answerSpread: 0 },
}

function limited(limit: Limit, switches: Partial<Switches> = {}): MockSetup {
  return { ...fastAnswers, limits: { [model]: [limit] }, switches: { ...fastAnswers.switches, ...switches } }
}

function account(spec: Partial<AccountSpec>): MockSetup {
  return { ...fastAnswers, accounts: [{ name: 'main', keys: [key], ...spec }] }
}

const minute = 60_000
/** A window in milliseconds. Its Retry-After is rounded up to whole seconds, so a retry that obeys it comes after the window's end. */
const advisedWindow = 2500

export const oneAMinute = limited({ rule: 'rpm', limit: 1, window: minute })
export const oneASecond = limited({ rule: 'rps', limit: 1, window: 1000 })
/** The limit admits one request with its answer of 12 tokens, but not two. */
const tokensAMinute = limited({ rule: 'tpm', limit: 25, window: minute })
/** The burst guard admits one request in each interval. An interval is a minute long, and the first begins with simulated time. */
const burst: MockSetup = {
  ...fastAnswers,
  switches: { ...fastAnswers.switches, burstGuard: true, burstInterval: minute, burstFloor: 0.001 },
}
export const stopSwitchOn = account({ stopWhenFreeIsUsed: true })
export const arrears = account({ arrears: true })

function inStream(setup: MockSetup, wire: Partial<WireSwitches>): MockSetup {
  return { ...setup, wire: { ...setup.wire, ...wire } }
}

/** The situations in the order of the report. */
export const situations: readonly Situation[] = [
  { name: 'answer', title: 'an answer', setup: fastAnswers },
  { name: 'stream', title: 'an answer, streamed', setup: fastAnswers, stream: true },
  {
    name: 'incremental',
    title: 'streamed, incremental_output',
    setup: fastAnswers,
    stream: true,
    variant: 'incremental',
  },
  { name: 'multimodal', title: 'an answer, MultiModalConversation', setup: fastAnswers, variant: 'multimodal' },
  { name: 'rpm', title: '429, RPM used up', setup: oneAMinute, isUsedUp: true },
  { name: 'rpm-stream', title: '429, RPM used up, stream asked for', setup: oneAMinute, isUsedUp: true, stream: true },
  { name: 'tpm', title: '429, TPM used up', setup: tokensAMinute, isUsedUp: true },
  { name: 'burst', title: '429, burst guard', setup: burst, isUsedUp: true },
  { name: 'free-quota', title: '429, free quota used up', setup: account({ payable: false }) },
  { name: 'rps', title: '429, RPS used up, free again after 1 s', setup: oneASecond, isUsedUp: true },
  {
    name: 'rps-advised',
    title: '429, free again after 2.5 s, Retry-After: 3',
    setup: limited({ rule: 'rps', limit: 1, window: advisedWindow }, { retryAfter: 'exact' }),
    isUsedUp: true,
    advice: 3000,
  },
  {
    name: 'tps-advised',
    title: '429, tokens free again after 2.5 s, Retry-After: 3',
    setup: limited({ rule: 'tps', limit: 25, window: advisedWindow }, { retryAfter: 'exact' }),
    isUsedUp: true,
    advice: 3000,
  },
  {
    name: 'advised-too-long',
    title: '429, RPM used up, Retry-After: 130',
    setup: limited({ rule: 'rpm', limit: 1, window: 130_000 }, { retryAfter: 'exact' }),
    isUsedUp: true,
  },
  { name: 'free-tier-only', title: '403, free quota used up, stop switch on', setup: stopSwitchOn },
  { name: 'arrears', title: '400, arrears', setup: arrears },
  { name: 'unknown-key', title: '401, unknown key', setup: fastAnswers, key: 'sk-unknown' },
  { name: 'unknown-model', title: '404, unknown model', setup: fastAnswers, modelName: 'qwen0-max' },
  {
    name: 'capacity',
    title: '503, capacity, twice',
    setup: { ...fastAnswers, faults: [{ when: { first: 2 }, do: { capacity: true } }] },
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

/** Returns the situations that are possible for a client. */
export function situationsOf({ protocol, variants, leavesOut = [] }: Client): readonly Situation[] {
  return situations
    .filter(({ name }) => !leavesOut.includes(name))
    .filter((each) => each.protocol === undefined || each.protocol === protocol)
    .filter((each) => each.variant === undefined || variants.includes(each.variant))
}
