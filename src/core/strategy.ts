import type { Send } from './call.ts'
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** What a strategy may use of the outside world. */
export interface Env {
  readonly clock: Clock
  /** The strategy's own stream. */
  readonly random: Random
}

/** A way to send: a description without state. All state is born in `wrap`, once a run. */
export interface Strategy {
  /** Computed from the options, so that a report cannot disagree with the run. */
  readonly name: string
  wrap(next: Send, env: Env): Send
}

/** Composes outermost first: `stack(retry, pace)` sends as `retry(pace(send))`. `stack()` is the identity, named `none`. */
export function stack(...layers: readonly Strategy[]): Strategy {
  return {
    name: layers.map((layer) => layer.name).join(' + ') || 'none',
    wrap: (next, { clock, random }) =>
      layers.reduceRight<Send>((inner, layer, index) => {
        // Numbered from the inside, so that a layer put around the others does not change their draws.
        const depth = layers.length - 1 - index
        return layer.wrap(inner, { clock, random: random.fork(`layer ${depth}`) })
      }, next),
  }
}
