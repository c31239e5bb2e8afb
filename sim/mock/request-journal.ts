import { expectNumber } from '../../src/core/expect.ts'
import type { RequestRecord } from '../wire/request-record.ts'

/** Which entries are wanted; absent: whichever. */
export interface JournalQuery {
  /** The `x-request-id` of one. */
  readonly id?: string
  readonly account?: string
  readonly model?: string
  readonly verdict?: string
  /** Only entries with a higher number: what came after the last one seen. */
  readonly since?: number
  /** At most so many: the newest. */
  readonly limit?: number
}

/** The last requests, from the moment they arrive: the entries of those under way are still being written. */
export interface RequestJournal {
  add(record: RequestRecord): void
  /** Oldest first. */
  entries(query?: JournalQuery): RequestRecord[]
  clear(): void
}

/** A ring of the last `capacity` requests. */
export function requestJournal(capacity: number): RequestJournal {
  expectNumber('capacity', capacity, { above: 0, whole: true })
  let ring: RequestRecord[] = []
  let next = 0

  return {
    add(record) {
      ring[next] = record
      next = (next + 1) % capacity
    },
    entries({ id, account, model, verdict, since = 0, limit = Infinity } = {}) {
      const found: RequestRecord[] = []
      for (let back = 1; back <= ring.length && found.length < limit; back++) {
        const record = ring[(next - back + ring.length) % ring.length]!
        if (record.number <= since) break
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
