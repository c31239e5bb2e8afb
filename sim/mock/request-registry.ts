import { expectNumber } from '../../src/core/expect.ts'
import { redactedKey } from '../../src/core/redaction.ts'
import { type DefectListener, guarded } from '../defects/guard.ts'
import type { Owner } from '../provider/provider.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { WireRequest } from '../wire/exchange.ts'
import { recordedPath, shortenedText } from '../wire/recorded-text.ts'
import type { RequestRecord } from '../wire/request-record.ts'
import type { JournalQuery } from './journal-query.ts'

/** Keeps the records of a mock's requests: of those under way, and of the last ones in the journal. */
export interface RequestRegistry {
  readonly journal: RequestJournal
  /** The requests that have arrived and have not ended. */
  readonly underWay: ReadonlySet<RequestRecord>
  /** Makes the record of a request that arrives. The request gets the next number, and the id of that number. */
  begun(request: WireRequest, protocol: string, key: string, owner: Owner | undefined): RequestRecord
  /** Takes a request that has ended off those under way, and tells the watchers. What a watcher throws is a defect. */
  ended(record: RequestRecord): void
  /** Calls `ended` for each request that ends, until the returned function is called. */
  watch(ended: (record: RequestRecord) => void): () => void
  /** Empties the journal, and numbers requests from 1 again, with other ids. Requests under way stay. */
  restart(idOf: (nth: number) => string): void
}

/** A registry that has seen no request. `journalSize`: the number of requests that its journal remembers. */
export function requestRegistry(
  timeline: Timeline,
  journalSize: number,
  initialIds: (nth: number) => string,
  onDefect: DefectListener,
): RequestRegistry {
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
        method: shortenedText(method),
        path: recordedPath(path),
        protocol,
        key: redactedKey(key),
      }
      if (owner) record.account = owner.account.name
      if (owner?.workspace !== undefined) record.workspace = owner.workspace
      underWay.add(record)
      journal.add(record)
      return record
    },
    ended(record) {
      underWay.delete(record)
      for (const watcher of watchers) guarded(onDefect, () => watcher(record))
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

/** The records of the last requests, each from its arrival on. The record of a request under way still changes. */
export interface RequestJournal {
  add(record: RequestRecord): void
  /** Returns the records that the query matches, the oldest first. Default: all. */
  entries(query?: JournalQuery): RequestRecord[]
  clear(): void
}

/** A journal of the last `capacity` requests, kept in a ring. */
export function requestJournal(capacity: number): RequestJournal {
  expectNumber('capacity', capacity, { above: 0, whole: true })
  let ring: RequestRecord[] = []
  /** The place of the next record in the ring. */
  let next = 0

  return {
    add(record) {
      ring[next] = record
      next = (next + 1) % capacity
    },
    entries({ id, account, model, verdict, since = 0, before = Infinity, limit = Infinity } = {}) {
      const found: RequestRecord[] = []
      for (let back = 1; back <= ring.length && found.length < limit; back++) {
        const record = ring[(next - back + ring.length) % ring.length]!
        if (record.number <= since) break
        if (record.number >= before) continue
        if (id !== undefined && record.id !== id) continue
        if (account !== undefined && record.account !== account) continue
        if (model !== undefined && record.model !== model) continue
        if (verdict !== undefined && record.verdict !== verdict) continue
        found.push(record)
      }
      return found.reverse()
    },
    clear() {
      ring = []
      next = 0
    },
  }
}
