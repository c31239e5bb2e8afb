import { list, number, object, oneOf, type TypeOf } from '../../src/checks/shape.ts'
import { type Outcome, outcomes, Trace } from '../../src/harness/trace.ts'
import { type Verdict, verdicts } from '../../src/scenario/world.ts'

const instant = number({ atLeast: 0 })
const tokens = number({ atLeast: 0, whole: true })

/** The shape of what another program sends of its calls. Instants are in milliseconds from its start. */
export const sentCallsShape = object({
  calls: list(
    object({ settledAt: instant, outcome: oneOf<Outcome>(outcomes), promptTokens: tokens, outputTokens: tokens }),
  ),
  attempts: list(object({ call: tokens, sentAt: instant, verdict: oneOf<Verdict>(verdicts) })),
})

/** The calls of a run in another program, such as k6, and its attempts in the order of sending. */
export type SentCalls = TypeOf<typeof sentCallsShape>

/** Returns the trace of these calls. An attempt is decided when it is sent, and a call is answered by its last attempt that was admitted. */
export function traceOfSent({ calls, attempts }: SentCalls): Trace {
  const trace = new Trace(calls.length)
  for (const { call, sentAt, verdict } of attempts) {
    const attempt = trace.sent(call, sentAt)
    const isDenial = verdict !== 'admitted' && verdict !== 'refused'
    trace.decided(attempt, sentAt, verdict, isDenial ? [verdict] : [])
    if (verdict === 'admitted') trace.answered(attempt)
  }
  for (const [call, { settledAt, outcome }] of calls.entries()) trace.settle(call, settledAt, outcome)
  return trace
}
