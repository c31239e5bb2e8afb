import { seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import { toFetch } from '../src/fetch.ts'
import { recommended } from '../src/strategies/recommended/recommended.ts'
import { retry } from '../src/strategies/retry/retry.ts'
import type { CallerView, Client, Task } from './task.ts'

/** A strategy in the place of the retries of an SDK, and the waits that its options give. Absent waits depend on what it learns. */
interface Law extends Pick<Client, 'waits' | 'leavesOut'> {
  /** What is added to the name of the SDK. */
  readonly suffix: string
  readonly title: string
  readonly strategy: Strategy
}

/**
 * Seven attempts, whose waits of 1.2, 2.4, 4.8, … s add up to more than a minute. They have no jitter, so that the report can give them, and none ends
 * near an instant at which a limit admits a request again.
 */
const base = 1200
const laws: readonly Law[] = [
  {
    suffix: 'to-fetch',
    title: 'with `toFetch(retry(…))`',
    strategy: retry({ attempts: 7, base, jitter: 'none' }),
    waits: Array.from({ length: 6 }, (_, k) => [base * 2 ** k, base * 2 ** k] as const),
    leavesOut: ['advised-too-long'],
  },
  {
    suffix: 'recommended',
    title: 'with `toFetch(recommended())`',
    strategy: recommended(),
    waits: undefined,
    // How often it tries within a second depends on how fast the machine is.
    leavesOut: ['advised-too-long', 'rps'],
  },
]

/** What an SDK is made with so that a strategy sends its requests: a `fetch`, and no retries of its own. */
export interface Through {
  readonly fetch: typeof fetch
  readonly maxRetries: 0
}

/** A client that takes a `fetch`. */
export interface Sdk {
  /** The client as it is. */
  readonly client: Client
  /** Makes a call. Default: with the platform's `fetch` and the client's own retries. */
  readonly perform: (task: Task, through?: Partial<Through>) => Promise<CallerView>
}

/** The same client with `toFetch`, once for each law, with a strategy of its own for each call. */
export function throughStrategies({ client: { name, title, ...client }, perform }: Sdk): readonly Client[] {
  return laws.map(({ suffix, title: own, strategy, ...law }) => ({
    ...client,
    ...law,
    name: `${name}-${suffix}`,
    title: `${title}, ${own}`,
    perform: (tasks) =>
      Promise.all(
        tasks.map((task) => perform(task, { fetch: toFetch(strategy, { random: seeded(1) }), maxRetries: 0 })),
      ),
  }))
}
