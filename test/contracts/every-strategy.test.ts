import { strategyContract } from '../../../contracts/strategy.ts'
import { stack } from '../../../src/core/strategy.ts'
import { articleBackoff } from '../../../src/strategies/article/backoff.ts'
import { articleFallback } from '../../../src/strategies/article/fallback.ts'
import { articleProxyClient } from '../../../src/strategies/article/proxy-client.ts'
import { articleQueue } from '../../../src/strategies/article/queue.ts'
import { articleRotation } from '../../../src/strategies/article/rotation.ts'
import { concurrency } from '../../../src/strategies/pacing/concurrency.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { queue } from '../../../src/strategies/pacing/queue.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { rotation } from '../../../src/strategies/targets/rotation.ts'

const keys = ['a', 'b', 'c']

strategyContract(() => stack())
strategyContract(() => articleBackoff())
strategyContract(() => articleQueue())
strategyContract(() => articleRotation({ keys }))
strategyContract(() => articleFallback())
strategyContract(() => articleProxyClient({ endpoint: 'https://proxy', key: 'proxied' }))
strategyContract(() => queue({ rpm: 70 }))
strategyContract(() => retry({ attempts: 6 }))
strategyContract(() => retry({ attempts: 6, jitter: 'equal', cap: 5000 }))
strategyContract(() => retry({ attempts: 6, jitter: 'decorrelated' }))
strategyContract(() => retry({ attempts: 4, jitter: 'none' }))
strategyContract(() => rotation({ keys, attempts: 10 }))
strategyContract(() => pace({ perSecond: 3 }))
strategyContract(() => pace({ perSecond: 0.7, retriesFirst: false }))
strategyContract(() => concurrency({ limit: 2 }))

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
