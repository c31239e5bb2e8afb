import type { Call, Reply, Target } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { instantAfter } from '../../src/core/last-instant.ts'
import { type Rule, ruleBit, ruleBits, ruleSets, type Unit } from '../../src/core/limit.ts'
import type { Random } from '../../src/core/random.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { type Refusal, refused, throttled } from '../errors/replies.ts'
import type { Cost, Denial } from '../limiters/limiter.ts'
import type { Account } from './account.ts'
import type { CountedQuota } from './counted-quota.ts'
import { batchService, type Lane, laneOf } from './lanes.ts'
import { modelSpeed, type Service } from './latency.ts'

/** What the provider decides about a request at the instant when it arrives. */
export type Decision =
  | { readonly kind: 'admitted'; readonly admission: Admission }
  | DeniedDecision
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly reply: Reply }

/** A limit denies the request. */
export interface DeniedDecision {
  readonly kind: 'denied'
  /** The denial that the reply tells of. */
  readonly denial: Denial
  /** Every rule that denies the request at this instant. */
  readonly rules: readonly Rule[]
  readonly reply: Reply
  /** The limits that were asked. */
  readonly quota: CountedQuota
  /** What the request asked of them. */
  readonly cost: Cost
}

/** An admitted request. The caller completes it when its service time is over. */
export interface Admission {
  readonly account: Account
  /** Undefined: the account's default workspace. */
  readonly workspace: string | undefined
  /** The limits at admission. Others may be in force when the request is completed. */
  readonly quota: CountedQuota
  readonly lane: Lane
  readonly model: string
  readonly promptTokens: number
  readonly outputTokens: number
  readonly service: Service
  readonly at: Millis
  /** The tokens that were charged at admission. */
  readonly charged: number
}

/** The simulated provider. Like a limiter it never waits and never reads a clock, so that every skin can drive it. */
export interface Provider {
  /** Decides about a call, and charges what is charged at admission. `wanted`: the output tokens of the answer before `maxTokens` cuts it. */
  admit(call: Call, wanted: number, now: Millis): Decision
  /** Counts a denied attempt if rejects count. It is apart from `admit`, which a request that waits inside the provider goes through repeatedly. */
  reject(call: Call, now: Millis): void
  /**
   * Charges what is not yet charged at the end of a reply, or gives back what was charged and is not used, and returns the price of the reply in the
   * currency of the profile. `outputTokens`: the number that was written, if the reply was cut.
   */
  complete(admission: Admission, now: Millis, outputTokens?: number): number
  /**
   * Gives back what an admitted request was charged, as far as its limits can, and lets it cost nothing: it ends because of a defect. Burst guards
   * keep what they have counted.
   */
  release(admission: Admission, now: Millis): void
  /** Returns how long the model takes for a call. It depends on nothing else. */
  service(call: number, outputTokens: number): Service
  /** Multiplies the limits of one account and model, or those on one unit, by a factor from now on. */
  scale(account: string, model: string, factor: number, now: Millis, unit?: Unit): void
  /** Returns the owner of a key, or undefined when nobody has it. */
  ownerOf(key: string): Owner | undefined
  /** The accounts, by name. */
  readonly accounts: ReadonlyMap<string, Account>
}

/** The account and the workspace that a key belongs to. */
export interface Owner {
  readonly account: Account
  /** Undefined: the account's default workspace. */
  readonly workspace: string | undefined
}

/** What the provider has found out about a target. */
interface KnownTarget {
  readonly target: Target
  /** Undefined: nobody has the key. */
  readonly owner: Owner | undefined
  /** Undefined: nobody has the key, or the profile has no such model. */
  readonly quota: CountedQuota | undefined
}

const oneToken: Cost = { requests: 1, tokens: 1 }
const noCost: Cost = { requests: 0, tokens: 0 }

/** The denial of an account whose free quota is used up: the free quota never comes back. */
const forGood: Denial = { rule: 'free', retryAfter: Infinity }
const noRules: readonly Rule[] = []

/** What a provider is made of. */
export interface ProviderOptions {
  readonly profile: Profile
  readonly switches: Switches
  /** Draws the service times. */
  readonly random: Random
  /** The accounts belong to the caller, who may hand them to another provider later. */
  readonly accounts: readonly Account[]
}

/** Makes a provider of these accounts. */
export function simulatedProvider({ profile, switches, random, accounts }: ProviderOptions): Provider {
  const owners = ownersByKey(accounts)
  const byName = new Map(accounts.map((account) => [account.name, account]))
  const speed = modelSpeed(switches, random.fork('speed'))
  const afterWait = batchService(random.fork('batch'))
  const { causes } = switches
  const tokensAtAdmission = chargedAtAdmission[switches.tokenCharge]

  // Most calls of a run have the same target object, which is then looked up only once.
  let last: KnownTarget | undefined

  function lookUp(target: Target): KnownTarget {
    if (last?.target === target) return last
    const owner = owners.get(target.key)
    last = { target, owner, quota: owner?.account.quota(target.model, owner.workspace) }
    return last
  }

  const refusal = (kind: Refusal, model?: string): Decision => ({
    kind: 'refused',
    refusal: kind,
    reply: refused(profile, kind, model),
  })

  /** Charges what the reply has used beyond the charge at admission, or gives back what it has not. */
  function chargeRest(quota: CountedQuota, admission: Admission, outputTokens: number, now: Millis): void {
    quota.inFlight?.leave(endOf(admission))
    const open = admission.promptTokens + outputTokens - admission.charged
    if (open > 0) quota.limiter.charge({ requests: 0, tokens: open }, now)
    else if (open < 0 && switches.refund) quota.refund({ requests: 0, tokens: -open }, admission.at, now)
  }

  return {
    accounts: byName,
    ownerOf: (key) => owners.get(key),

    admit(call, wanted, now) {
      const { model } = call.target
      const { owner, quota } = lookUp(call.target)
      if (!owner) return refusal('unknown-key')
      if (!quota) return refusal('unknown-model', model)
      const lane = laneOf(call.target)
      const money = owner.account.wallet.state(model, lane)
      if (money === 'arrears') return refusal('arrears')
      if (money === 'stopped') return refusal('free-tier-only')

      const outputTokens = Math.min(wanted, call.maxTokens)
      const tokens = tokensAtAdmission(call, outputTokens)
      const cost: Cost = { requests: 1, tokens }
      // A request that is charged later still needs room for one token, since a full window admits nothing.
      const asked = tokens > 0 ? cost : oneToken
      const denial = lane === 'batch' ? undefined : quota.limiter.check(asked, now)
      if (money === 'unpayable') {
        const rules = ruleSets[ruleBit.free | ruleBits(denial?.rules ?? noRules)]!
        return {
          kind: 'denied',
          denial: forGood,
          rules,
          quota,
          cost: noCost,
          reply: throttled(profile, 'free', undefined, causes),
        }
      }
      if (denial) {
        const reply = throttled(profile, denial.rule, advice(denial, now, switches), causes)
        return { kind: 'denied', denial, rules: denial.rules, quota, cost: asked, reply }
      }
      const { promptTokens } = call
      const online = speed(call.id, outputTokens)
      const service = lane === 'batch' ? afterWait(call.id, online) : online
      if (lane === 'online') {
        quota.limiter.charge(cost, now)
        quota.inFlight?.enter(now + service.total, now)
      }
      return {
        kind: 'admitted',
        admission: {
          account: owner.account,
          workspace: owner.workspace,
          quota,
          lane,
          model,
          promptTokens,
          outputTokens,
          service,
          at: now,
          charged: tokens,
        },
      }
    },

    reject(call, now) {
      if (!switches.rejectsCount) return
      lookUp(call.target).quota?.chargeReject(now)
    },

    complete(admission, now, outputTokens = admission.outputTokens) {
      const { account, model, lane, promptTokens } = admission
      const quota = quotaInForce(admission)
      if (lane === 'online') chargeRest(quota, admission, outputTokens, now)
      return account.wallet.settle(model, quota.row, { promptTokens, outputTokens }, lane)
    },

    release(admission, now) {
      if (admission.lane === 'batch') return
      const quota = quotaInForce(admission)
      quota.inFlight?.leave(endOf(admission))
      quota.refund({ requests: 1, tokens: admission.charged }, admission.at, now)
    },

    service: speed,

    scale(name, model, factor, now, unit) {
      byName.get(name)?.limitsOf(model)?.scale(factor, now, unit)
    },
  }
}

/** The quota that counts what comes after an admission: the limits may have been changed since. */
function quotaInForce({ account, workspace, model, quota }: Admission): CountedQuota {
  return account.quota(model, workspace) ?? quota
}

/** When the request ends if nobody ends it before. */
function endOf({ at, service }: Admission): Millis {
  return at + service.total
}

/** The tokens that are charged at admission, by the value of the switch `tokenCharge`. The rest is charged at completion. */
const chargedAtAdmission: Record<Switches['tokenCharge'], (call: Call, outputTokens: number) => number> = {
  split: (call) => call.promptTokens,
  admission: (call, output) => call.promptTokens + output,
  reserve: (call) => call.promptTokens + call.maxTokens,
  completion: () => 0,
}

/** The wait that a denial advises, by the switch `retryAfter`. Undefined: no advice, as for a wait that has no end. */
function advice(denial: Denial, now: Millis, { retryAfter }: Switches): Millis | undefined {
  if (retryAfter === 'none') return undefined
  const exact = denial.retryAfter
  if (instantAfter(now, exact) === null) return undefined
  return retryAfter === 'exact' ? exact : Math.floor(exact / 2)
}

function ownersByKey(accounts: readonly Account[]): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>()
  for (const account of accounts)
    for (const { key, workspace } of account.keys()) owners.set(key, { account, workspace })
  return owners
}
