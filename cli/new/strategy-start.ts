import { nameOf } from './file-name.ts'
import type { Start } from './start.ts'

/** Returns a strategy to begin with: it tries throttled calls again, with waits that double. */
export function strategyStart(file: string): Start {
  return {
    source: source(nameOf(file)),
    test: test(file),
    needs: ['vitest', 'fast-check'],
    next: (path) => `run burst --strategies none,retry-pace,${path}`,
  }
}

const source = (name: string) => `import type { StrategyPlugin } from 'ratelab/lab'

// A strategy turns a function that sends a call into another such function. It may wait, send again, or change the target of the call.
// It takes the time from \`clock\` and chance from \`random\`, so that the laboratory can run it in simulated time, and twice with the
// same result: do not use Date, setTimeout or Math.random in it.

/** The most attempts at a call, the first included. */
const attempts = 5

/** The longest first wait, in milliseconds. Each later one is twice as long. */
const firstWait = 1000

export default {
  // Reports show this name. It has the options in it, so that a report cannot disagree with the run.
  name: \`${name}(\${attempts} attempts, \${firstWait} ms)\`,
  about: 'Tries a throttled call again after a wait that doubles.',
  wrap: (next, { clock, random }) => {
    // State belongs here, because each run calls \`wrap\` once. What stands outside of \`wrap\` would be shared by all runs.
    return async (call) => {
      for (let made = 1; ; made++) {
        const reply = await next(call)
        // A 429 is a value and no exception. \`quota\` means that the free quota is used up, which no wait changes.
        if (reply.kind !== 'throttled' || reply.cause === 'quota' || made === attempts) return reply
        const wait = firstWait * 2 ** (made - 1) * random.next()
        // A wait is a whole number of milliseconds, and never shorter than the provider advises.
        const whole = Math.ceil(Math.max(wait, reply.retryAfter ?? 0))
        if (clock.now() + whole >= call.deadline) return reply
        await clock.sleep(whole, call.signal)
        // The caller may have hung up at this very instant, and a timer may be late.
        if (call.signal.aborted) throw call.signal.reason
        if (clock.now() >= call.deadline) return reply
      }
    }
  },
} satisfies StrategyPlugin
`

const test = (
  file: string,
) => `import { callsAtOnce, strategyContract, strategyRig, throttleAlways, throttleFirst } from 'ratelab/contracts'
import { expect, test } from 'vitest'
import strategy from './${file}'

// What every strategy must keep to: each call gets one reply, an abort ends every wait, nothing is sent after the deadline, and so on.
strategyContract(() => strategy)

// What this one is for. The rig runs it in simulated time against a provider that follows a script.
test('a throttled call is tried again until it is answered', async () => {
  const rig = strategyRig({ strategy, script: throttleFirst(2) })
  const [only] = await rig.run(callsAtOnce(1))
  expect(only?.reply?.kind).toBe('ok')
  expect(rig.instants()).toHaveLength(3)
})

test('a call that is throttled every time ends with the last reply', async () => {
  const rig = strategyRig({ strategy, script: throttleAlways })
  const [only] = await rig.run(callsAtOnce(1))
  expect(only?.reply?.kind).toBe('throttled')
  expect(rig.instants()).toHaveLength(5)
})
`
