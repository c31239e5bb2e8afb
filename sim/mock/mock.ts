import { seeded } from '../../src/core/random.ts'
import { altered } from '../profiles/altered.ts'
import type { Profile } from '../profiles/profile.ts'
import { profileNamed } from '../profiles/profiles.ts'
import { type Account, account } from '../provider/account.ts'
import { directEndpoint } from '../provider/endpoint.ts'
import { type Provider, type ProviderOptions, simulatedProvider } from '../provider/provider.ts'
import { defaultProfile, defaultSeed } from '../setup/defaults.ts'
import { setupProblems } from '../setup/setup-problems.ts'
import { switchesOf } from '../switches/provider-switches.ts'
import { wireSwitchesOf } from '../switches/wire-switches.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { Handling, WireRequest } from '../wire/exchange.ts'
import type { Context } from '../wire/handling/context.ts'
import { type FaultPlan, type FaultSpec, faultPlan } from '../wire/handling/fault-plan.ts'
import { handle } from '../wire/handling/handle.ts'
import { simulatedModel } from '../wire/model/model.ts'
import { estimatedTokens, type TokenCount } from '../wire/model/tokens.ts'
import { type RequestRecord, requestIds } from '../wire/request-record.ts'
import { completeSetup, type MockSetup } from './mock-setup.ts'
import { type RequestJournal, requestRegistry } from './request-registry.ts'

export interface MockOptions extends MockSetup {
  readonly timeline: Timeline
  /** Default `intl`. */
  readonly profile?: string
  /** Default 1. */
  readonly seed?: number
  /** How many requests the journal remembers. Default 10,000. */
  readonly journalSize?: number
  /** How prompts are counted. Default: an estimate. */
  readonly tokenCount?: TokenCount
  /** Told once for each request, when nothing more will happen to it. */
  readonly ended?: (record: RequestRecord) => void
}

/** The provider behind its wire protocols: what every skin drives. */
export interface Mock {
  readonly timeline: Timeline
  /** Never throws, and its answer never rejects: a wrong request gets the error that the service would send. */
  handle(request: WireRequest): Handling
  /** What is in force now; none of it changes but by `reset` and `reconfigure`. */
  readonly setup: Required<MockSetup>
  readonly seed: number
  readonly profile: Profile
  readonly provider: Provider
  readonly journal: RequestJournal
  /** The requests that have come and are not ended. */
  readonly underWay: ReadonlySet<RequestRecord>
  /** How many of them there are. */
  readonly inFlight: number
  /** Also tells this one of each request that ends, until the returned function is called. */
  watch(ended: (record: RequestRecord) => void): () => void
  /** As at the start: windows, wallets, faults' counts and the journal. Requests under way end as they would have. */
  reset(seed?: number): void
  /** Another setup; what is not named stays. What was counted goes on counting, and requests under way go on. */
  reconfigure(changes: MockSetup): void
  /** Another fault plan, which counts from the beginning. */
  setFaults(faults: readonly FaultSpec[]): void
}

/** Told once, where it is given: what is wrong later would be a request's trouble. */
function expectSetup({ profile, seed, limits, accounts, switches, wire, faults }: MockOptions): void {
  const problems = setupProblems('options', { profile, seed, limits, accounts, switches, wire, faults })
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
}

/** Throws a `RangeError` that names every problem of the setup. */
export function mock(options: MockOptions): Mock {
  expectSetup(options)
  const { timeline } = options
  const base = profileNamed(options.profile ?? defaultProfile)
  let setup = completeSetup(options)
  let seed = options.seed ?? defaultSeed
  const idsOf = () => requestIds(seeded(seed).fork('ids'))
  const requests = requestRegistry(timeline, options.journalSize ?? 10_000, idsOf())
  if (options.ended) requests.watch(options.ended)
  let rules = rulesOf(setup)
  let accounts = openAccounts()
  let context = contextWith(openFaults())

  function rulesOf({ limits, switches }: Required<MockSetup>): Pick<ProviderOptions, 'profile' | 'switches'> {
    return { profile: altered(base, limits), switches: switchesOf(switches) }
  }

  /** Accounts whose windows are empty. */
  function openAccounts(): readonly Account[] {
    return setup.accounts.map((spec) => account({ spec, ...rules }))
  }

  /** The fault plan of the setup, which has counted no request yet. */
  function openFaults(): FaultPlan {
    return faultPlan(setup.faults, seeded(seed).fork('faults'))
  }

  /** What requests share from now on: made of the setup, the seed, the accounts and this fault plan. */
  function contextWith(faults: FaultPlan): Context {
    const random = seeded(seed)
    const provider = simulatedProvider({ ...rules, random: random.fork('provider'), accounts })
    const switches = wireSwitchesOf(setup.wire)
    return {
      timeline,
      provider,
      endpoint: directEndpoint(provider, timeline),
      profile: rules.profile,
      switches,
      faults,
      outputOf: simulatedModel(switches, options.tokenCount ?? estimatedTokens, random.fork('model')),
      begun: (request, protocol, key) => requests.begun(request, protocol, key, provider.ownerOf(key)),
      ended: requests.ended,
    }
  }

  function reset(nextSeed: number): void {
    seed = nextSeed
    requests.restart(idsOf())
    accounts = openAccounts()
    context = contextWith(openFaults())
  }

  function reconfigure(changes: MockSetup): void {
    const now = timeline.now()
    const former = context.provider.accounts
    setup = { ...setup, ...changes }
    rules = rulesOf(setup)
    accounts = setup.accounts.map((spec) => {
      const kept = former.get(spec.name)
      kept?.change({ spec, ...rules }, now)
      return kept ?? account({ spec, ...rules })
    })
    context = contextWith(changes.faults ? openFaults() : context.faults)
  }

  return {
    timeline,
    handle: (request) => handle(context, request),
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
    reset: (nextSeed = seed) => reset(nextSeed),
    reconfigure,
    setFaults: (faults) => reconfigure({ faults }),
  }
}
