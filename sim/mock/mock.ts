import { firstProblems } from '../../src/checks/problems.ts'
import { OptionError } from '../../src/core/expect.ts'
import { type Random, seeded } from '../../src/core/random.ts'
import { backgroundCalls } from '../../src/scenario/background.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { switchesOf } from '../../src/scenario/switches.ts'
import type { DefectListener } from '../defects/guard.ts'
import { defectReport } from '../defects/report.ts'
import { altered } from '../profiles/altered.ts'
import { profileOf } from '../profiles/profiles.ts'
import { type Account, type AccountTerms, account } from '../provider/account.ts'
import { letAct, Others } from '../provider/others.ts'
import { phasesOf } from '../provider/phases.ts'
import { type Provider, simulatedProvider } from '../provider/provider.ts'
import { roomsOf } from '../provider/rooms.ts'
import { defaultProfile, defaultSeed } from '../setup/defaults.ts'
import { completeSetup, type MockSetup, setupProblems } from '../setup/mock-setup.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { Handling, WireRequest } from '../wire/exchange.ts'
import type { Context } from '../wire/handling/context.ts'
import { type FaultPlan, faultPlan } from '../wire/handling/fault-plan.ts'
import type { FaultSpec } from '../wire/handling/fault-spec.ts'
import { handle } from '../wire/handling/handle.ts'
import { simulatedModel } from '../wire/model/model.ts'
import { estimatedTokens, type TokenCount, wholeTokens } from '../wire/model/tokens.ts'
import { requestIds } from '../wire/request-ids.ts'
import type { RequestRecord } from '../wire/request-record.ts'
import { wireSwitchesOf } from '../wire/wire-switches.ts'
import { type RequestJournal, requestRegistry } from './request-registry.ts'

export interface MockOptions extends MockSetup {
  /** The time that the mock lives in: virtual, or following the wall clock. */
  readonly timeline: Timeline
  /** The profile whose limits and prices apply: `intl`, `cn-beijing`, `article`, or a profile itself. Default: `intl`. */
  readonly profile?: string | Profile
  /** The number from which all chance follows: the same seed gives the same answers. Default: 1. */
  readonly seed?: number
  /** The number of requests that the journal remembers. Default: 10,000. */
  readonly journalSize?: number
  /** Counts the tokens of a text. Default: an estimate by the kind of characters. */
  readonly tokenCount?: TokenCount
  /** Called once for each request, when nothing more will happen to it. */
  readonly ended?: (record: RequestRecord) => void
  /**
   * Is told of each defect: what throws while a request is handled, in ratelab or in a function of these options. The request then ends with the
   * documented error 500, or its stream breaks, and it is not charged. Default: it is written to standard error, once for each place.
   */
  readonly onDefect?: DefectListener
}

/** The simulated provider with its wire protocols. Every skin drives one of these. */
export interface Mock {
  readonly timeline: Timeline
  /** Is told of each defect. */
  readonly onDefect: DefectListener
  /** Answers a request. Never throws, and the answer never rejects: a wrong request gets the error that the service would send. */
  handle(request: WireRequest): Handling
  /** The setup that is in force, with the defaults filled in. */
  readonly setup: Required<MockSetup>
  /** The seed that is in force. */
  readonly seed: number
  /** The profile that is in force, with the limits of the setup. */
  readonly profile: Profile
  /** The provider that is in force. `reset` and `reconfigure` replace it. */
  readonly provider: Provider
  /** The last requests, with what the mock did with them. */
  readonly journal: RequestJournal
  /** The requests that have arrived and have not ended. */
  readonly underWay: ReadonlySet<RequestRecord>
  /** The number of these requests. */
  readonly inFlight: number
  /** Calls `ended` for each request that ends, until the returned function is called. */
  watch(ended: (record: RequestRecord) => void): () => void
  /**
   * Begins again with empty windows, untouched free quotas, uncounted faults and an empty journal. Requests under way end as they would have.
   * Default of `seed`: the seed stays. Throws an `OptionError` for a wrong seed, and has then changed nothing.
   */
  reset(seed?: number): void
  /**
   * Changes the setup. A field that `changes` does not name stays as it is. Windows and free quotas keep what they have counted, and requests
   * under way go on. Throws an `OptionError` that names every problem of the changes, and has then changed nothing.
   */
  reconfigure(changes: MockSetup): void
  /** Replaces the fault plan. The new one has counted no request yet. */
  setFaults(faults: readonly FaultSpec[]): void
}

/** Checks a setup before anything is made of it; otherwise a wrong field would only show as a failed request later. */
function expectSetup(field: string, given: Partial<MockOptions>): void {
  const { profile, seed, limits, accounts, background, switches, wire, faults } = given
  const problems = setupProblems(field, { profile, seed, limits, accounts, background, switches, wire, faults })
  if (problems.length > 0) throw new OptionError(firstProblems(problems).join('\n'))
}

/** Makes a mock. Throws an `OptionError` that names the problems of the options, at most 20. */
export function mock(options: MockOptions): Mock {
  expectSetup('options', options)
  const { timeline, profile = defaultProfile, onDefect = defectReport() } = options
  const base = profileOf(profile)
  let setup = completeSetup(options)
  let seed = options.seed ?? defaultSeed
  const idsOf = () => requestIds(seed, 'mock')
  const requests = requestRegistry(timeline, options.journalSize ?? 10_000, idsOf(), onDefect)
  if (options.ended) requests.watch(options.ended)
  const tokenCount = options.tokenCount ? wholeTokens(options.tokenCount) : estimatedTokens
  /** When the mock began, or began again. */
  let begun = timeline.now()
  let rules = rulesOf(setup)
  let accounts = openAccounts()
  let context = contextWith(openFaults())
  let others = actingOthers()

  /** The laboratory draws the world of a seed from the same stream, so that the same seed has the same phases and the same others there. */
  function worldRandom(): Random {
    return seeded(seed).fork('world')
  }

  /** The profile and the switches that a setup makes. */
  function rulesOf({ limits, switches: chosen }: Required<MockSetup>): Omit<AccountTerms, 'spec'> {
    const switches = switchesOf(chosen)
    const random = worldRandom()
    return {
      profile: altered(base, limits),
      switches,
      phases: phasesOf(random, switches),
      rooms: roomsOf(random, switches, begun),
    }
  }

  /** Accounts whose windows are empty. */
  function openAccounts(): readonly Account[] {
    return setup.accounts.map((spec) => account({ spec, ...rules }))
  }

  /** The fault plan of the setup. It has counted no request yet. */
  function openFaults(): FaultPlan {
    return faultPlan(setup.faults, seeded(seed).fork('faults'))
  }

  /** What all requests share from now on, made of the setup, the seed, the accounts and this fault plan. */
  function contextWith(faults: FaultPlan): Context {
    const random = seeded(seed)
    const provider = simulatedProvider({ ...rules, random: random.fork('provider'), accounts })
    const switches = wireSwitchesOf(setup.wire)
    const { onHangUp } = rules.switches
    return {
      timeline,
      provider,
      onHangUp,
      profile: rules.profile,
      switches,
      faults,
      onDefect,
      outputOf: simulatedModel(switches, tokenCount, random.fork('model')),
      begun: (request, protocol, key) => requests.begun(request, protocol, key, provider.ownerOf(key)),
      ended: requests.ended,
    }
  }

  /** The others of the setup, who begin now. They send to whatever provider is in force. */
  function actingOthers(): Others {
    const calls = backgroundCalls(setup.background, setup.accounts, worldRandom(), timeline.now())
    const begun = new Others(calls, {
      admit: (...asked) => context.provider.admit(...asked),
      complete: (...completed) => context.provider.complete(...completed),
    })
    letAct(begun, timeline)
    return begun
  }

  function beginOthersAgain(): void {
    others.stop()
    others = actingOthers()
  }

  function reset(nextSeed: number): void {
    expectSetup('options', { seed: nextSeed })
    seed = nextSeed
    begun = timeline.now()
    rules = rulesOf(setup)
    requests.restart(idsOf())
    accounts = openAccounts()
    context = contextWith(openFaults())
    beginOthersAgain()
  }

  function reconfigure(changes: MockSetup): void {
    const { accounts: specs, limits, background } = setup
    // Names in the changes refer to the profile, and to accounts and limits that may stay as they are.
    expectSetup('changes', { profile, accounts: specs, limits, background, ...changes })
    const now = timeline.now()
    const former = context.provider.accounts
    setup = completeSetup({ ...setup, ...changes })
    rules = rulesOf(setup)
    accounts = setup.accounts.map((spec) => {
      const kept = former.get(spec.name)
      kept?.change({ spec, ...rules }, now)
      return kept ?? account({ spec, ...rules })
    })
    context = contextWith(changes.faults ? openFaults() : context.faults)
    if (changes.background || changes.accounts) beginOthersAgain()
  }

  return {
    timeline,
    onDefect,
    handle: (request) => timeline.atOneInstant(() => handle(context, request)),
    get setup() {
      return setup
    },
    get seed() {
      return seed
    },
    get profile() {
      return context.profile
    },
    get provider() {
      return context.provider
    },
    journal: requests.journal,
    underWay: requests.underWay,
    get inFlight() {
      return requests.underWay.size
    },
    watch: requests.watch,
    reset: (nextSeed = seed) => timeline.atOneInstant(() => reset(nextSeed)),
    reconfigure: (changes) => timeline.atOneInstant(() => reconfigure(changes)),
    setFaults: (faults) => timeline.atOneInstant(() => reconfigure({ faults })),
  }
}
