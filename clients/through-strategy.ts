import { toFetch } from '../src/fetch.ts'
import { retry } from '../src/strategies/retry/retry.ts'
import type { CallerView, Client, Task } from './task.ts'

/**
 * Seven attempts, whose waits of 1.2, 2.4, 4.8, … s add up to more than a minute. They have no jitter, so that the report can give them, and none ends
 * near an instant at which a limit admits a request again.
 */
const base = 1200
const strategy = retry({ attempts: 7, base, jitter: 'none' })
const waits = Array.from({ length: 6 }, (_, k) => [base * 2 ** k, base * 2 ** k] as const)

/** What an SDK is made with so that a strategy sends its requests: a `fetch`, and no retries of its own. */
export interface Through {
  readonly fetch: typeof fetch
  readonly maxRetries: 0
}

/** The same client with `toFetch`, and a strategy of its own for each call. */
export function throughStrategy(
  { name, title, ...client }: Client,
  perform: (task: Task, through: Through) => Promise<CallerView>,
): Client {
  return {
    ...client,
    name: `${name}-to-fetch`,
    title: `${title}, with \`toFetch\``,
    waits,
    leavesOut: ['advised-too-long'],
    perform: (tasks) => Promise.all(tasks.map((task) => perform(task, { fetch: toFetch(strategy), maxRetries: 0 }))),
  }
}
