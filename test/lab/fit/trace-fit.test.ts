import { describe, expect, test } from 'vitest'
import { traceFit } from '../../../lab/fit/trace-fit.ts'
import { seeded } from '../../../src/core/random.ts'
import { lengthProblems } from '../../../src/scenario/lengths/lengths.ts'
import { lengthShapes } from '../../../src/scenario/lengths/shapes.ts'
import { readRecorded } from '../../../src/scenario/recorded/read-recorded.ts'
import { workloadOf } from '../../../src/scenario/traffic/workload-of.ts'
import type { Workload } from '../../../src/scenario/workload.ts'

/** The path of the recorded trace of Azure's conversations, which is not part of the project. */
const recorded = process.env.RATELAB_TRACE

function calls(arrival: readonly number[], output: number[]): Workload {
  return {
    arrival: Float64Array.from(arrival),
    promptTokens: new Uint32Array(arrival.length).fill(10),
    outputTokens: Uint32Array.from(output),
  }
}

describe('traceFit', () => {
  test('proposes log-normal lengths where they are as close as a table', () => {
    const lengths = {
      kind: 'log-normal',
      prompt: { median: 500, spread: 0.9, most: 30_000 },
      output: { median: 100, spread: 1, most: 2000 },
    } as const
    const chosen = { name: 'x', title: 'x', lengths, maxTokens: 2048, patience: 1, horizon: 1e7 } as const
    const arrivals = { kind: 'poisson', perSecond: 5, until: 3_600_000 } as const
    const workload = workloadOf({ ...chosen, arrivals }, seeded(1), undefined)
    expect(traceFit(workload, 'x.csv').proposed.lengths.kind).toBe('log-normal')
    expect(traceFit(workload, 'x.csv').proposed.arrivals.kind).toBe('poisson')
  })

  test('leaves calls without an answer out of the answers, unless there is no other', () => {
    expect(traceFit(calls([0, 10, 20, 90], [0, 50, 0, 70]), 'x.csv').output).toMatchObject({ calls: 2, mean: 60 })
    const none = traceFit(calls([0, 10, 20], [0, 0, 0]), 'x.csv')
    expect(none.output.calls).toBe(3)
    expect(lengthProblems('lengths', none.proposed.lengths)).toEqual([])
  })

  test.each([
    ['one call', [0]],
    ['calls at one instant', [5, 5, 5]],
    ['more than a thousand calls a millisecond', Array.from({ length: 1002 }, (_, call) => Number(call > 500))],
  ])('refuses %s', (_what, arrival) => {
    expect(() =>
      traceFit(
        calls(
          arrival,
          arrival.map(() => 1),
        ),
        'x.csv',
      ),
    ).toThrow(
      /^Expected at least two calls, and at most 1,000 a millisecond, in x\.csv to fit their arrivals, got \d+ within \d ms: /,
    )
  })

  test('the shape `chat` is what is fitted to the trace of which it is made', async ({ skip }) => {
    if (!recorded) return skip('RATELAB_TRACE does not name the recorded trace of Azure’s conversations')
    const { workload } = await readRecorded(recorded)
    const { arrivals, prompt, output } = traceFit(workload, recorded)
    expect(arrivals.calls).toBe(19_366)
    expect(arrivals.cv).toBeCloseTo(1.094, 3)
    expect(arrivals.second.index).toBeCloseTo(1.39, 2)
    expect(arrivals.minute.index).toBeCloseTo(16.13, 2)
    expect(prompt.quantiles).toEqual(lengthShapes.chat.lengths.prompt)
    expect(output.quantiles).toEqual(lengthShapes.chat.lengths.output)
    expect(prompt.distances.quantiles).toBeLessThan(0.04)
    expect(output.distances.quantiles).toBeLessThan(0.03)
    // A log-normal cannot have the two groups of answers.
    expect(prompt.distances.logNormal).toBeGreaterThan(0.15)
    expect(output.distances.logNormal).toBeGreaterThan(0.15)
  })
})
