import type { Millis } from '../../../src/core/clock.ts'
import { redactedKey } from '../../../src/core/redaction.ts'
import type { WireRequest } from '../../wire/exchange.ts'
import { shortenedText } from '../../wire/request-record.ts'
import type { GatewayRecord } from './record.ts'

/** Keeps the records of the requests that a gateway works on. */
export interface GatewayRegistry {
  /** The requests that have arrived and are not over. */
  readonly underWay: ReadonlySet<GatewayRecord>
  /** Makes the record of a request that arrives. */
  begun(request: WireRequest, key: string): GatewayRecord
  /** Ends a request. Does nothing when the request is already over. */
  over(record: GatewayRecord, end: NonNullable<GatewayRecord['end']>): void
}

interface GatewayRegistryOptions {
  readonly spec: { readonly priceFactor: number }
  readonly ended?: (record: GatewayRecord) => void
}

export function gatewayRegistry(
  { spec, ended }: GatewayRegistryOptions,
  now: () => Millis,
  idOf: (nth: number) => string,
): GatewayRegistry {
  const underWay = new Set<GatewayRecord>()
  let arrived = 0
  return {
    underWay,
    begun({ method, path }, key) {
      const number = ++arrived
      const record: GatewayRecord = {
        number,
        id: idOf(number),
        arrivedAt: now(),
        method,
        path: shortenedText(path),
        customer: redactedKey(key),
        priceFactor: spec.priceFactor,
        attempts: [],
      }
      underWay.add(record)
      return record
    },
    over(record, end) {
      if (!underWay.delete(record)) return
      record.end = end
      record.endedAt = now()
      ended?.(record)
    },
  }
}
