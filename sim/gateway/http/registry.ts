import type { Millis } from '../../../src/core/clock.ts'
import { type DefectListener, guarded } from '../../defects/guard.ts'
import type { WireRequest } from '../../wire/exchange.ts'
import { recordedPath } from '../../wire/recorded-text.ts'
import type { GatewayRecord } from './record.ts'

/** Keeps the records of the requests that a gateway works on. */
export interface GatewayRegistry {
  /** The requests that have arrived and are not over. */
  readonly underWay: ReadonlySet<GatewayRecord>
  /** Makes the record of a request that arrives. */
  begun(request: Pick<WireRequest, 'method' | 'path'>, customer: string): GatewayRecord
  /** Ends a request. Does nothing when the request is already over. */
  over(record: GatewayRecord, end: NonNullable<GatewayRecord['end']>): void
}

interface GatewayRegistryOptions {
  readonly spec: { readonly priceFactor: number }
  readonly ended?: (record: GatewayRecord) => void
  readonly onDefect: DefectListener
}

export function gatewayRegistry(
  { spec, ended, onDefect }: GatewayRegistryOptions,
  now: () => Millis,
  idOf: (nth: number) => string,
): GatewayRegistry {
  const underWay = new Set<GatewayRecord>()
  let arrived = 0
  return {
    underWay,
    begun({ method, path }, customer) {
      const number = ++arrived
      const record: GatewayRecord = {
        number,
        id: idOf(number),
        arrivedAt: now(),
        method,
        path: recordedPath(path),
        customer,
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
      guarded(onDefect, () => ended?.(record))
    },
  }
}
