import type { Limit } from '../../src/core/limit.ts'
import type { SpendingCaps } from './spending.ts'

/** Where a load goes, and how. */
export interface LoadOptions extends SpendingCaps {
  /** The address that `/chat/completions` follows. */
  readonly url: string
  /** One key for each account of the scenario that takes part, in their order. At least one. */
  readonly keys: readonly string[]
  /** The limits of each account: those of the profile, or stated ones. Default: those of the profile at a mock with the same world, else none are known. */
  readonly limits?: 'profile' | readonly Limit[]
  /** Scenario milliseconds in one real millisecond. Default: the speed of the mock, else 1. */
  readonly speed?: number
  /** Whether answers are asked for as streams. Default: they are not. */
  readonly stream?: boolean
  /** Sends over the network. */
  readonly send: typeof fetch
}

/** What observes a load, or ends it, while it runs. */
export interface LoadControls {
  /** Called when a call is settled, with the number of those so far. */
  onProgress?(settled: number): void
  /** Ends the load when it aborts. What was measured until then is kept. */
  readonly signal?: AbortSignal
}
