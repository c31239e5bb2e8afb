import { OptionError } from '../../src/core/expect.ts'
import { seeded } from '../../src/core/random.ts'
import { switchesOf } from '../../src/scenario/switches.ts'
import { altered } from '../profiles/altered.ts'
import type { Profile } from '../profiles/profile.ts'
import { profileNamed } from '../profiles/profiles.ts'
import { account } from '../provider/account.ts'
import { directEndpoint } from '../provider/endpoint.ts'
import { type Provider, provider } from '../provider/provider.ts'
import { defaultProfile, defaultSeed, oneAccount } from '../setup/defaults.ts'
import { type MockSetup, setupProblems } from '../setup/setup-problems.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { Handling, WireRequest } from '../wire/exchange.ts'
import type { Context } from '../wire/handling/context.ts'
import { faultPlan } from '../wire/handling/fault-plan.ts'
import type { FaultSpec } from '../wire/handling/fault-spec.ts'
import { handle } from '../wire/handling/handle.ts'
import { simulatedModel } from '../wire/model/model.ts'
import { estimatedTokens, type TokenCount } from '../wire/model/tokens.ts'
import { type RequestRecord, requestIds } from '../wire/request-record.ts'
import { wireSwitchesOf } from '../wire/wire-switches.ts'
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
  if (problems.length > 0) throw new OptionError(problems.join('\n'))
}

/** Throws a `RangeError` that names every problem of the setup. */
export function mock(options: MockOptions): Mock {
  expectSetup(options)
  const { timeline, limits = {}, accounts = oneAccount, switches = {}, wire = {}, faults = [] } = options
  const base = profileNamed(options.profile ?? defaultProfile)
  let setup: Required<MockSetup> = { limits, accounts, switches, wire, faults }
  let seed = options.seed ?? defaultSeed
  const idsOf = () => requestIds(seeded(seed).fork('ids'))
  const requests = requestRegistry(timeline, options.journalSize ?? 10_000, idsOf())
  if (options.ended) requests.watch(options.ended)
  let context = contextOf(account)

  /** What the setup and the seed make; accounts are opened by `open`, and faults counted anew unless a plan goes on. */
  function contextOf(open: typeof account, plan?: Context['faults']): Context {
    const random = seeded(seed)
    const profile = altered(base, setup.limits)
    const world = { profile: base.name, accounts: setup.accounts }
    const simulated = provider(world, profile, switchesOf(setup.switches), random.fork('provider'), open)
    const wireSwitches = wireSwitchesOf(setup.wire)
    return {
      timeline,
      provider: simulated,
      endpoint: directEndpoint(simulated, timeline),
      profile,
      switches: wireSwitches,
      faults: plan ?? faultPlan(setup.faults, random.fork('faults')),
      outputOf: simulatedModel(wireSwitches, options.tokenCount ?? estimatedTokens, random.fork('model')),
      begun: (request, protocol, key) => requests.begun(request, protocol, key, simulated.ownerOf(key)),
      ended: requests.ended,
    }
  }

  function reconfigure(changes: MockSetup): void {
    const former = context
    const now = timeline.now()
    setup = { ...setup, ...changes }
    const kept: typeof account = (spec, profile, switches) => {
      const same = former.provider.accounts.get(spec.name)
      if (!same) return account(spec, profile, switches)
      same.change(spec, profile, switches, now)
      return same
    }
    context = contextOf(kept, changes.faults ? undefined : former.faults)
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
    reset(next = seed) {
      seed = next
      requests.restart(idsOf())
      context = contextOf(account)
    },
    reconfigure,
    setFaults: (faults) => reconfigure({ faults }),
  }
}
