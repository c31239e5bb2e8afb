import type { Owner } from '../provider/provider.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { WireRequest } from '../wire/exchange.ts'
import { type RequestRecord, redacted, shortened } from '../wire/request-record.ts'
import { type RequestJournal, requestJournal } from './request-journal.ts'

/** Who has come to a mock, who is still there, and who is told of it. */
export interface Register {
  readonly journal: RequestJournal
  /** The requests that have come and are not ended. */
  readonly underWay: ReadonlySet<RequestRecord>
  /** A request has come: it gets the next number, and the id of that number. */
  begun(request: WireRequest, protocol: string, key: string, owner: Owner | undefined): RequestRecord
  ended(record: RequestRecord): void
  /** Tells this one of each request that ends, until the returned function is called. */
  watch(ended: (record: RequestRecord) => void): () => void
  /** Counts from 1 again, with other ids. Requests under way stay. */
  restart(idOf: (nth: number) => string): void
}

export function register(timeline: Timeline, journalSize: number, initialIds: (nth: number) => string): Register {
  const journal = requestJournal(journalSize)
  const underWay = new Set<RequestRecord>()
  const watchers = new Set<(record: RequestRecord) => void>()
  let idOf = initialIds
  let arrived = 0

  return {
    journal,
    underWay,
    begun({ method, path }, protocol, key, owner) {
      const number = ++arrived
      const record: RequestRecord = {
        number,
        id: idOf(number),
        arrivedAt: timeline.now(),
        method,
        path: shortened(path),
        protocol,
        key: redacted(key),
      }
      if (owner) record.account = owner.account.name
      if (owner?.workspace !== undefined) record.workspace = owner.workspace
      underWay.add(record)
      journal.add(record)
      return record
    },
    ended(record) {
      underWay.delete(record)
      for (const watcher of watchers) watcher(record)
    },
    watch(ended) {
      watchers.add(ended)
      return () => void watchers.delete(ended)
    },
    restart(ids) {
      idOf = ids
      arrived = 0
      journal.clear()
    },
  }
}
