import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { LinkedList } from './linked-list.ts'

/** A call in line. */
export interface Place {
  readonly call: Call
  /** The instant at which it joined. */
  readonly joined: Millis
}

/** In which order a line serves its calls. Orders may stand within orders: `retriesFirst(vtc())`. */
export interface LineOrder {
  /** Puts a call in line. Returns what takes it out of it, which the line calls once. */
  join(place: Place): () => void
  /** The place whose turn is next; it stays in line. A place whose deadline has passed may be named, and the line takes it out. */
  first(now: Millis): Place | undefined
  /** Is told of each call that goes, at its turn or because it need not wait. Default: the order does not depend on it. */
  started?(call: Call): void
  /** Is told how each of these calls ended: with a reply, or without one, by an abort or a transport fault. */
  ended?(call: Call, reply: Reply | undefined): void
}

/** Serves the calls in the order in which they joined. */
export function firstCome(): LineOrder {
  const places = new LinkedList<Place>()
  return { join: (place) => places.add(place), first: () => places.first }
}

/** Serves the newest call first. Those whose deadline has passed are named before it, so that they leave. */
export function newestFirst(): LineOrder {
  const places = new LinkedList<Place>()
  return {
    join: (place) => places.add(place),
    first(now) {
      const oldest = places.first
      return oldest && now >= oldest.call.deadline ? oldest : places.last
    },
  }
}
