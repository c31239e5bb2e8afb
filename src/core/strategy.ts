import type { Send } from './call.ts'
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** All that a strategy may use of the outside world. */
export interface Env {
  readonly clock: Clock
  /** The strategy's own stream of random draws. */
  readonly random: Random
  /**
   * Shows a part of the strategy's state, by name, to whoever runs it: `read` returns plain data whenever it is asked. A strategy calls it
   * in `wrap`, once for each part. Default: nobody looks.
   */
  expose?(part: string, read: () => Inspection): void
}

/** What a strategy shows of its state, as plain data: learned limits, rates, the length of its line. */
export type Inspection = Readonly<Record<string, unknown>>

/**
 * A description of how to send. It has no state: all state is created in `wrap`, once for each run. `strategyContract` of
 * `ratelab/contracts` tests one of your own.
 */
export interface Strategy {
  /** The name, computed from the options: a report cannot disagree with the run. */
  readonly name: string
  /** Returns a `Send` that sends through `next`, any number of times for one call. */
  wrap(next: Send, env: Env): Send
}

/**
 * Composes strategies, the outermost first: `stack(retry(), pace({ perSecond: 5 }))` retries around a pace. `stack()` sends each call
 * once, and is named `none`. Each layer gets a random stream of its own.
 */
export function stack(...layers: readonly Strategy[]): Strategy {
  return {
    name: layers.map((layer) => layer.name).join(' + ') || 'none',
    wrap: (next, env) =>
      layers.reduceRight<Send>((inner, layer, index) => {
        // Numbered from the inside: a further layer around the others does not change their draws.
        const depth = layers.length - 1 - index
        return layer.wrap(inner, { ...env, random: env.random.fork(`layer ${depth}`) })
      }, next),
  }
}
