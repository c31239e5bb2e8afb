import { stack } from '../../src/core/strategy.ts'
import { type GuestAiOptions, guestAi } from '../guests/ai.ts'
import { type GuestBottleneckOptions, guestBottleneck } from '../guests/bottleneck.ts'
import { type GuestCockatielOptions, guestCockatiel, guestCockatielBreaker } from '../guests/cockatiel.ts'
import { type GuestOpenaiOptions, guestOpenai } from '../guests/openai.ts'
import { type GuestPLimitOptions, guestPLimit } from '../guests/p-limit.ts'
import { type GuestPQueueOptions, guestPQueue } from '../guests/p-queue.ts'
import { type GuestPRetryOptions, guestPRetry } from '../guests/p-retry.ts'
import { type ClientKnowledge, callsPerMinute, callsPerSecond } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'

/** The share of the limit that a user keeps to, since the libraries know nothing of the network. */
const share = 0.9

/** Returns the interval in which a queue may start `cap` calls. */
function intervalFor(cap: number, knowledge: ClientKnowledge): number {
  return Math.ceil((1000 * cap) / (share * callsPerSecond(knowledge)))
}

/** The retries around a library that only limits the rate. */
const around = () => guestPRetry({ retries: 10, randomize: true, maxTimeout: 8000 })

const pQueueKinds = { intervalCap: 'number', interval: 'number', strict: 'flag' } as const
const bottleneckKinds = {
  minTime: 'number',
  reservoir: 'number',
  reservoirRefreshAmount: 'number',
  reservoirRefreshInterval: 'number',
} as const

/** The npm packages themselves, in virtual time. A row runs only where its packages are installed. */
export const guestEntries: Readonly<Record<string, CatalogueEntry>> = {
  'guest-p-retry': row<GuestPRetryOptions>({
    about:
      'The package p-retry itself, as it comes: 10 retries after 1, 2, 4, … s, without jitter and without a longest wait.',
    options: { retries: 'number', randomize: 'flag', maxTimeout: 'number' },
    build: (_, given) => guestPRetry(given),
  }),
  'guest-p-queue': row<GuestPQueueOptions>({
    about:
      'The package p-queue itself, which starts one call in each interval at 90 % of the tightest request limit; p-retry around it.',
    options: pQueueKinds,
    build: (knowledge, given) =>
      stack(around(), guestPQueue({ intervalCap: 1, interval: intervalFor(1, knowledge), ...given })),
  }),
  'guest-p-queue-strict': row<GuestPQueueOptions>({
    about:
      'The package p-queue itself, with its strict window at 90 % of the tightest request limit; p-retry around it.',
    options: pQueueKinds,
    build: (knowledge, given) => {
      const intervalCap = Math.max(1, Math.floor(share * callsPerSecond(knowledge)))
      const interval = intervalFor(intervalCap, knowledge)
      return stack(around(), guestPQueue({ intervalCap, interval, strict: true, ...given }))
    },
  }),
  'guest-p-limit': row<GuestPLimitOptions>({
    about:
      'The package p-limit itself, with as many calls under way as the limit bears at 4 s a reply; p-retry around it.',
    options: { concurrency: 'number' },
    build: (knowledge, given) =>
      stack(around(), guestPLimit({ concurrency: Math.ceil(4 * callsPerSecond(knowledge)), ...given })),
  }),
  'guest-bottleneck': row<GuestBottleneckOptions>({
    about: 'The package bottleneck itself, with a `minTime` at 90 % of the tightest request limit; p-retry around it.',
    options: bottleneckKinds,
    build: (knowledge, given) => stack(around(), guestBottleneck({ minTime: intervalFor(1, knowledge), ...given })),
  }),
  'guest-bottleneck-reservoir': row<GuestBottleneckOptions>({
    about:
      'The package bottleneck itself, with a reservoir of the calls of a minute, filled each minute; p-retry around it.',
    options: bottleneckKinds,
    build: (knowledge, given) => {
      const reservoir = Math.floor(callsPerMinute(knowledge))
      const refresh = { reservoirRefreshAmount: reservoir, reservoirRefreshInterval: 60_000 }
      return stack(around(), guestBottleneck({ reservoir, ...refresh, ...given }))
    },
  }),
  'guest-cockatiel': row<GuestCockatielOptions>({
    about: 'The retry of cockatiel itself: 10 retries with its exponential backoff, whose jitter is decorrelated.',
    options: { retries: 'number' },
    build: (_, given) => guestCockatiel(given),
  }),
  'guest-cockatiel-breaker': row<GuestCockatielOptions>({
    about: 'The retry of cockatiel itself around its breaker, which opens for 10 s when half of the attempts fail.',
    options: { retries: 'number' },
    build: (_, given) => stack(guestCockatiel(given), guestCockatielBreaker()),
  }),
  'guest-openai': row<GuestOpenaiOptions>({
    about: 'The OpenAI SDK for Node itself, with its own 2 retries.',
    options: { maxRetries: 'number' },
    build: (_, given) => guestOpenai(given),
  }),
  'guest-ai': row<GuestAiOptions>({
    about: 'Vercel’s AI SDK itself, with its own 2 retries.',
    options: { maxRetries: 'number' },
    build: (_, given) => guestAi(given),
  }),
}
