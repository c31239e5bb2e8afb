import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { clientKnowledgeOf, toldLimits } from '../../../lab/catalogue/client-knowledge.ts'
import { drawn } from '../../../lab/drawn-workload.ts'
import { problemsOf } from '../../../lab/load-scenario.ts'
import { contestantsOfOneAccount } from '../../../lab/tournament/contestants-of-one-account.ts'
import { frequencies } from '../../../lab/tournament/frequencies.ts'
import { type DrawnWorld, drawnWorld } from '../../../lab/tournament/world.ts'
import { limitsOn } from '../../../src/core/limit.ts'
import { type DrawnLengths, meanLength } from '../../../src/scenario/lengths/lengths.ts'
import { lengthShapes } from '../../../src/scenario/lengths/shapes.ts'
import { limitSteps } from '../../../src/scenario/limit-changes.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'

const anyWorld = fc
  .record({ seed: fc.nat(Number.MAX_SAFE_INTEGER), number: fc.integer({ min: 1, max: 1000 }) })
  .map(({ seed, number }) => drawnWorld(seed, number))

const caseOf = ({ cases }: DrawnWorld) => cases[0]!

/** The longest prompt of lengths, told from their own numbers. */
function longestPrompt({ cases }: DrawnWorld): number {
  const { lengths } = cases[0]!
  if (lengths.kind === 'shape') return { chat: 14_050, api: 32_000, agent: 126_195 }[lengths.shape]
  if (lengths.kind === 'fixed') return lengths.prompt
  return lengths.kind === 'log-normal' ? lengths.prompt.most : Number.NaN
}

describe('a drawn world', () => {
  test.prop([anyWorld], { numRuns: 300 })('is a valid scenario in which every contestant can run', (world) => {
    const strategies = contestantsOfOneAccount(world)
    expect(problemsOf({ ...world, strategies })).toEqual([])
    expect(strategies).toEqual(contestantsOfOneAccount(drawnWorld(1, 1)))
    expect(strategies.length).toBeGreaterThan(20)
  })

  test.prop([fc.nat(), fc.integer({ min: 1, max: 50 })])(
    'follows from the seed and its number alone',
    (seed, number) => {
      expect(drawnWorld(seed, number)).toEqual(drawnWorld(seed, number))
      const others = [drawnWorld(seed, number + 1), drawnWorld(seed + 1, number)]
      for (const other of others) expect(caseOf(other).title).not.toBe(caseOf(drawnWorld(seed, number)).title)
    },
  )

  test.prop([anyWorld], { numRuns: 300 })(
    'has no limit that a single call exceeds, even after it has fallen',
    (world) => {
      const knowledge = clientKnowledgeOf(world, caseOf(world))
      let factors = { requests: 1, tokens: 1 }
      const all = [factors]
      for (const { factor, unit } of limitSteps(knowledge.world.events)) {
        factors = {
          requests: factors.requests * (unit === 'tokens' ? 1 : factor),
          tokens: factors.tokens * (unit === 'requests' ? 1 : factor),
        }
        all.push(factors)
      }
      for (const { requests, tokens } of all) {
        for (const { limit } of limitsOn('requests', toldLimits(knowledge)))
          expect(Math.round(limit * requests)).toBeGreaterThanOrEqual(1)
        for (const { limit } of limitsOn('tokens', toldLimits(knowledge)))
          expect(limit * tokens).toBeGreaterThanOrEqual(longestPrompt(world) + caseOf(world).maxTokens)
      }
    },
  )

  test.prop([anyWorld], { numRuns: 300, examples: [[drawnWorld(40, 47)]] })(
    'has a burst guard that lets more calls through in each interval',
    (world) => {
      const { burstInterval, burstFloor, burstGrowth } = switchesOf(world.world.switches)
      const { lengths, maxTokens } = caseOf(world)
      const { prompt, output } = meanLength(lengths as DrawnLengths, maxTokens)
      const limits = toldLimits(clientKnowledgeOf(world, caseOf(world)))
      const tokens = prompt + (world.world.switches!.tokenCharge === 'reserve' ? maxTokens : output)
      for (const [unit, cost] of [
        ['requests', 1],
        ['tokens', tokens],
      ] as const) {
        const tightest = Math.min(...limitsOn(unit, limits).map(({ limit, window }) => limit / window))
        const floor = (burstFloor * tightest * burstInterval) / cost
        // Two calls, of which the roundings of limits, lengths and floor to two digits can each take a twentieth.
        expect(floor * (burstGrowth - 1)).toBeGreaterThan(2 * 0.95 ** 3)
      }
    },
  )

  test.prop([anyWorld], { numRuns: 300 })('has no others who ask for more than the limits admit', (world) => {
    const [others] = world.world.background ?? []
    if (!others) return
    const { arrivals } = others
    if (arrivals.kind !== 'poisson' && arrivals.kind !== 'on-off') throw new Error(`got ${arrivals.kind}`)
    const level = Math.min(1, ...(world.world.events ?? []).map(({ to }) => to!))
    const limits = toldLimits(clientKnowledgeOf(world, caseOf(world)))
    const requests = Math.min(...limitsOn('requests', limits).map(({ limit, window }) => (1000 * limit) / window))
    expect(arrivals.perSecond).toBeLessThan(requests * level)
  })

  test.prop([anyWorld], { numRuns: 300 })('offers from some hundred to some thousands of calls', (world) => {
    const { arrival } = drawn(caseOf(world), 1, {})
    expect(arrival.length).toBeGreaterThan(60)
    expect(arrival.length).toBeLessThan(12_000)
  })
})

describe('the worlds of a seed', () => {
  const number = 4000
  const worlds = Array.from({ length: number }, (_, i) => drawnWorld(12, i + 1))
  const switchOf = (name: keyof Switches) => (world: DrawnWorld) => String(world.world.switches![name])
  const unitOfChange = ({ world: { events = [] } }: DrawnWorld) => events[0]?.unit ?? 'both'
  const changeOf = ({ world: { events = [] } }: DrawnWorld) => {
    const [first, second] = events
    if (!first) return 'none'
    if (first.repeat) return 'swing'
    if (second) return 'dip'
    return first.to! > 1 ? 'raise' : 'fall'
  }
  const lengthsOf = (world: DrawnWorld) => {
    const { lengths } = caseOf(world)
    return lengths.kind === 'shape' ? lengths.shape : lengths.kind
  }
  const othersOf = ({ world: { background } }: DrawnWorld) =>
    background ? (background[0]!.arrivals.kind === 'poisson' ? 'steady' : 'on-off') : 'none'
  const windowsOf = ({ world: { limits } }: DrawnWorld) =>
    /^requests:\d+\/1s,requests:\d+\/60s/.test(String(limits)) ? 'paired' : 'single'
  const changing = worlds.filter((world) => changeOf(world) !== 'none')

  const readers: { readonly [K in keyof typeof frequencies]: (world: DrawnWorld) => string } = {
    arrivals: (world) => caseOf(world).arrivals.kind,
    lengths: lengthsOf,
    windows: windowsOf,
    changes: changeOf,
    changedUnit: unitOfChange,
    others: othersOf,
    window: switchOf('window'),
    tokenCharge: switchOf('tokenCharge'),
    refund: switchOf('refund'),
    rejectsCount: switchOf('rejectsCount'),
    checkOrder: switchOf('checkOrder'),
    causes: switchOf('causes'),
    retryAfter: switchOf('retryAfter'),
    burstGuard: switchOf('burstGuard'),
  }

  test.each(Object.entries(readers))('have each kind of %s as often as it is stated', (part, kindOf) => {
    const shares = Object.entries<number>(frequencies[part as keyof typeof frequencies])
    expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 12)
    const chosen = part === 'changedUnit' ? changing : worlds
    const kinds = chosen.map(kindOf)
    for (const [kind, share] of shares) {
      const found = kinds.filter((each) => each === kind).length / chosen.length
      expect(Math.abs(found - share), kind).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / chosen.length))
    }
  })

  test('have limits on tokens that are the tighter ones in some four of ten', () => {
    const mean = { chat: 1631, api: 874, agent: 12_000 }
    const isTighter = (world: DrawnWorld) => {
      const { lengths } = caseOf(world)
      const tokens =
        lengths.kind === 'shape' ? mean[lengths.shape] : lengths.kind === 'fixed' ? lengths.prompt + lengths.output : 0
      if (tokens === 0) return undefined
      const limits = toldLimits(clientKnowledgeOf(world, caseOf(world)))
      const [requests, ofTokens] = (['requests', 'tokens'] as const).map((unit) =>
        Math.min(...limitsOn(unit, limits).map(({ limit, window }) => limit / window)),
      )
      return ofTokens! / tokens < requests!
    }
    const told = worlds.map(isTighter).filter((each) => each !== undefined)
    const share = told.filter(Boolean).length / told.length
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(0.5)
    expect(Object.keys(lengthShapes)).toEqual(Object.keys(mean))
  })
})
