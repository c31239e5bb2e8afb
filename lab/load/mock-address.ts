import { isLoopback } from '../../sim/control/loopback.ts'
import { stateReply } from '../../sim/control/replies.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { TypeOf } from '../../src/checks/shape.ts'
import type { Millis } from '../../src/core/clock.ts'
import { isLimitRule } from '../../src/core/limit.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { switchesOf, switchNames } from '../../src/scenario/switches.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'

type MockState = TypeOf<typeof stateReply>

/** How long a server of this machine may take to say whether it is a mock, in milliseconds of real time. */
const longestAnswer: Millis = 10_000

/** A mock of ratelab at an address of this machine, whose control plane lets us in. */
export interface MockAddress {
  /** The speed of its clock as a multiple of real time. 0: it is paused. */
  readonly speed: number
  /** Empties its windows and draws its chance from the seed, as the laboratory does. */
  reset(seed: number): Promise<void>
  /** Returns in what its world differs from that of a scenario, as parts of a sentence. None: a load there has the reachable of the scenario. */
  differencesFrom(scenario: Scenario): Promise<readonly string[]>
}

/**
 * Finds the mock at an address. Returns undefined for another server, for a mock whose control plane wants a token, and for another machine, to which
 * nothing is sent. Throws an `InputError` when no server of this machine answers.
 */
export async function mockAt(url: string, send: typeof fetch): Promise<MockAddress | undefined> {
  const { origin, hostname } = new URL(url)
  if (!isOwnMachine(hostname)) return undefined
  const ask = async (path: string, body?: object): Promise<MockState | undefined> => {
    const request = body ? { method: 'POST', body: JSON.stringify(body) } : { method: 'GET' }
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(longestAnswer)
    const response = await send(`${origin}/_ratelab/${path}`, { ...request, headers, signal })
    const text = await response.text()
    return response.status === 200 ? stateIn(text) : undefined
  }
  const state = await ask('state').catch((error) => {
    throw new InputError(
      `Expected \`--url\` to be the address of a server that answers, but ${origin} does not: ${(error as Error).message}. ` +
        'Start one with `ratelab serve`',
    )
  })
  if (!state || state.clock.speed === null) return undefined
  return {
    speed: state.clock.speed,
    reset: async (seed) => void (await ask('reset', { seed })),
    async differencesFrom(scenario) {
      const { model } = scenario
      // A raise by the factor 1 changes nothing, and shows the limits of a model that no request has named yet.
      const shown = (await ask('quota', { model, factor: 1 })) ?? state
      return differencesOf(shown, scenario)
    },
  }
}

/** Whether the host of an address, in brackets where it is IPv6, is this machine. */
export function isOwnMachine(hostname: string): boolean {
  return isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

function stateIn(text: string): MockState | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return stateReply('state', value).length === 0 ? (value as MockState) : undefined
  } catch {
    return undefined
  }
}

function differencesOf({ profile, switches, background, accounts }: MockState, scenario: Scenario): string[] {
  const knowledge = clientKnowledgeOf(scenario, scenario.cases[0]!)
  const expected = switchesOf(scenario.world.switches)
  const values = new Map(switches.map(({ name, value }) => [name, value]))
  const windows = accounts[0]?.models.find((each) => each.model === scenario.model)?.windows ?? []
  const own = windows
    .filter(({ rule }) => isLimitRule(rule))
    .map(({ rule, limit, window, hasRoom }) => {
      return { rule, limit, window, soft: hasRoom !== undefined }
    })
  const limits = (knowledge.profile.models[scenario.model]?.limits ?? []).map(
    ({ rule, limit, window, soft = false }) => {
      return { rule, limit, window, soft }
    },
  )
  return [
    ...(profile === knowledge.profile.name ? [] : [`profile ${profile} instead of ${knowledge.profile.name}`]),
    ...(textOf(own) === textOf(limits) ? [] : [`other limits of ${scenario.model}`]),
    ...(background.length === 0 ? [] : ['others who use its accounts']),
    ...switchNames.flatMap((name) =>
      values.get(name) === expected[name] ? [] : [`${name} ${values.get(name)} instead of ${expected[name]}`],
    ),
  ]
}

function textOf(limits: readonly object[]): string {
  return limits
    .map((each) => JSON.stringify(each))
    .sort()
    .join()
}
