import { redactionOf } from '../../sim/gateway/http/redaction.ts'
import { quotable } from '../../src/core/expect.ts'
import { listed } from '../../src/report/sentences/phrases.ts'

/** The most kinds of failures that are told apart. A provider may give each of them a code of its own. */
const mostKinds = 5

/** Counts the attempts of a load that failed, by status and code. */
export interface Failures {
  /** `status` is 0 for an attempt that has got no reply. */
  add(status: number, code: string | undefined): void
  /** Returns a sentence with figures, if an attempt has failed. */
  warning(): string | undefined
}

/** Counts of which there are none yet. A provider may write one of these keys into a code; it is then not shown. */
export function failureCounts(keys: readonly string[]): Failures {
  const { redacted } = redactionOf(keys)
  const counts = new Map<string, number>()
  const others = 'other failures'
  return {
    add(status, code) {
      const what = status === 0 ? 'no reply' : `status ${status}`
      const kind = code === undefined ? what : `${what} (${quotable(redacted(code))})`
      const counted = counts.has(kind) || counts.size < mostKinds ? kind : others
      counts.set(counted, (counts.get(counted) ?? 0) + 1)
    },
    warning() {
      if (counts.size === 0) return undefined
      const parts = [...counts].map(([kind, count]) => `${count} with ${kind}`)
      return `Attempts that failed, none of them for a limit: ${listed(parts)}.`
    },
  }
}
