import { inspect } from 'node:util'
import { printable } from '../../src/core/printable.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
import type { DefectListener } from './guard.ts'

/** The longest report of a defect, characters. The message of an exception may quote a whole request. */
const longestReport = 4000

/** The most places that are remembered. Code that is made at run time could otherwise add places without end. */
const mostPlaces = 1000

/** Writes defects with their stacks to standard error, those of one place in the code once. */
export function defectReport(): DefectListener {
  const places = new Set<string>()
  return (error) => {
    const stack = error instanceof Error ? error.stack : undefined
    const text = typeof stack === 'string' ? stack : inspect(error)
    const [place] = /^ +at .*$/m.exec(text) ?? [text.slice(0, longestReport)]
    if (places.has(place) || places.size >= mostPlaces) return
    places.add(place)
    // A stranger may have written a part of the message.
    const lines = withoutKeys(text.slice(0, longestReport)).split('\n').map(printable)
    console.error(`ratelab: a defect, which ended one step of its work and not the process: ${lines.join('\n')}`)
  }
}
