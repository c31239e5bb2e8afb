import type { Options } from 'k6/options'
import { knowledgeOfOneAccount } from '../../lab/catalogue/client-knowledge.ts'
import { namedEntry } from '../../lab/catalogue/named-entry.ts'
import { portableEntries } from '../../lab/catalogue/portable-entries.ts'
import { k6Call } from '../../lab/load/k6-call.ts'
import { CallSignal } from '../../src/core/call-signal.ts'
import { seeded } from '../../src/core/random.ts'
import { CallRecord } from './call-record.ts'
import { httpSend } from './http-send.ts'
import { k6Clock } from './k6-clock.ts'
import { settings } from './settings.ts'
import { ReplyTally } from './tally.ts'

const { baseUrl, key, model, profile, speed, calls, recordUrl } = settings

// A strategy of the catalogue, with the options that it has in the laboratory, too. The mock has one account and no gateway; for a
// strategy that needs more, this throws an `InputError`.
const knowledge = knowledgeOfOneAccount(profile, model, [key])
const strategy = namedEntry(portableEntries, settings.strategy).build(knowledge, {})

// One virtual user sends all calls at once, so that they share one strategy and its state, as the calls of one process do.
export const options: Options = {
  scenarios: { burst: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
}

/** Sends all calls at once through the strategy, unchanged, over k6's HTTP client. */
export default async function burst(): Promise<void> {
  const clock = k6Clock(speed)
  const tally = new ReplyTally(clock, model)
  const record = new CallRecord(clock)
  const send = strategy.wrap(record.around(tally.around(httpSend(baseUrl))), { clock, random: seeded(1) })
  const arrival = clock.now()
  const { patience, ...tokens } = k6Call
  await Promise.all(
    Array.from({ length: calls }, async (_, id) => {
      const signal = new CallSignal()
      const target = { endpoint: 'dashscope', key, model }
      const payload = `Question ${id}: ${'why is the sky blue? '.repeat(100)}`
      const call = { id, target, ...tokens, payload, signal, deadline: arrival + patience }
      // A call whose attempt ends in a transport fault has no answer.
      const reply = await send(call).catch(() => undefined)
      tally.settled(arrival, reply)
      record.settled(id, call.promptTokens, reply)
    }),
  )
  tally.report()
  if (recordUrl !== undefined) await record.report(recordUrl)
}
