import type { Cause, Reply } from '../../src/core/call.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Verdict } from '../../src/scenario/world.ts'

/** The rules that stand for what the wire reveals of a denial. */
const ruleOf: Readonly<Record<Cause, Rule>> = { requests: 'rpm', tokens: 'tpm', burst: 'burst', quota: 'free' }

/** Returns what a trace notes of a decision that only its reply tells of. */
export function wireDecision(reply: Reply): readonly [Verdict, readonly Rule[]] {
  if (reply.kind === 'ok') return ['admitted', []]
  if (reply.kind === 'failed') return ['refused', []]
  const rule = ruleOf[reply.cause ?? 'requests']
  return [rule, [rule]]
}
