import { afterEach, beforeEach } from 'vitest'
import { strategyContract } from '../../contracts/strategy.ts'
import { strategyNames } from '../../lab/catalogue/catalogue.ts'
import type { ClientKnowledge } from '../../lab/catalogue/client-knowledge.ts'
import { resolveStrategy } from '../../lab/contestants.ts'
import { hostGuests } from '../../lab/guests/guest-time.ts'
import { altered } from '../../sim/profiles/altered.ts'
import { article } from '../../sim/profiles/article.ts'
import { stack } from '../../src/core/strategy.ts'
import { articleBackoff } from '../../src/strategies/article/backoff.ts'
import { articleFallback } from '../../src/strategies/article/fallback.ts'
import { articleQueue } from '../../src/strategies/article/queue.ts'
import { concurrency } from '../../src/strategies/pacing/concurrency.ts'
import { pace } from '../../src/strategies/pacing/pace.ts'
import { queue } from '../../src/strategies/pacing/queue.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { rotation } from '../../src/strategies/targets/rotation.ts'

/** A world in which every entry of the catalogue can run. Its limits are so low that even a few calls have to wait. */
const knowledge: ClientKnowledge = {
  world: {
    profile: 'article',
    accounts: [
      { name: 'own', keys: ['a', 'b', 'c'] },
      { name: 'second', keys: ['d'] },
      { name: 'third', keys: ['e'] },
      { name: 'pooled', keys: ['f'] },
    ],
    gateways: [
      {
        endpoint: 'https://proxy',
        accounts: ['pooled'],
        balance: 'round-robin',
        failover: 0,
        hopDelay: 10,
        priceFactor: 1,
      },
    ],
  },
  profile: altered(article, { 'qwen3-max': [{ rule: 'rpm', limit: 30, window: 60_000 }] }),
  model: 'qwen3-max',
}

// Guests among them find the time of their clock on the platform.
let release = () => {}
beforeEach(() => {
  release = hostGuests()
})
afterEach(() => release())

for (const name of strategyNames) strategyContract(() => resolveStrategy(name, knowledge).strategy)

// These strategies have options that no entry of the catalogue has.
const keys = ['a', 'b', 'c']
strategyContract(() => articleQueue())
strategyContract(() => retry({ attempts: 6, jitter: 'equal', cap: 5000 }))
strategyContract(() => retry({ attempts: 4, jitter: 'none' }))
strategyContract(() => pace({ perSecond: 3 }))
strategyContract(() => pace({ perSecond: 0.7, retriesFirst: false }))
strategyContract(() => concurrency({ limit: 2 }))

// These are compositions of strategies.
strategyContract(() => stack(retry({ attempts: 4 }), pace({ perSecond: 3 })))
strategyContract(() => stack(pace({ perSecond: 3 }), retry({ attempts: 4 })))
strategyContract(() => stack(retry({ attempts: 4 }), concurrency({ limit: 1 })))
strategyContract(() => stack(concurrency({ limit: 2 }), retry({ attempts: 3 })))
strategyContract(() => stack(retry({ attempts: 3, jitter: 'equal' }), queue({ rpm: 120 })))
strategyContract(() => stack(rotation({ keys, attempts: 5 }), pace({ perSecond: 5 })))
strategyContract(() => stack(articleFallback(), articleBackoff({ attempts: 2 })))
strategyContract(() =>
  stack(retry({ attempts: 3 }), articleFallback(), concurrency({ limit: 2 }), pace({ perSecond: 4 })),
)
strategyContract(() =>
  stack(stack(retry({ attempts: 2 }), articleQueue()), stack(retry({ attempts: 2 }), queue({ rpm: 200 }))),
)
