import { portShape } from '../../sim/config/serve-config.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { customerProblems, type GatewayCustomer } from '../../sim/gateway/http/customers.ts'
import type { FetchGatewaySpec } from '../../sim/gateway/http/fetch-gateway.ts'
import { defaultTimeouts } from '../../sim/gateway/http/patience.ts'
import type { UpstreamAccount } from '../../sim/gateway/http/upstream-account.ts'
import { defaultConnectTimeout } from '../../sim/gateway/http/upstream-fetch.ts'
import { givenProfile } from '../../sim/profiles/profiles.ts'
import { defaultHost, defaultProfile, defaultSeed } from '../../sim/setup/defaults.ts'
import { seedShape, speedShape } from '../../sim/setup/mock-setup.ts'
import { type Check, number, oneOf, text } from '../../src/checks/shape.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import { keyText } from '../../src/scenario/accounts.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { checking, limitsOf, numeral, speedOf } from '../flags/flag-reading.ts'
import { millisOf, readLimits } from '../flags/limit-text.ts'
import type { Given } from './key-sources.ts'

/** The flags of the command line, as typed, and the keys and customers with those that stand in files and in the environment. */
export interface GatewayFlags {
  readonly accounts?: string
  readonly upstream?: string
  readonly upstreamKey: readonly Given[]
  readonly customer: readonly Given[]
  /** The name of a profile, or a profile that is loaded. */
  readonly profile?: string | Profile
  readonly modelLimit: readonly string[]
  readonly speed?: string
  readonly balance?: string
  readonly failover?: string
  readonly customerLimit?: string
  readonly hopDelay?: string
  readonly priceFactor?: string
  readonly outages?: string
  readonly connectTimeout?: string
  readonly firstByteTimeout?: string
  readonly idleTimeout?: string
  readonly totalTimeout?: string
  readonly seed?: string
  readonly port?: string
  readonly host?: string
  readonly accessLog?: true | string
}

/** The accounts that a gateway pools: accounts at an address, or those of a mock in the same process. */
export type GatewayUpstream =
  | {
      readonly kind: 'upstream'
      readonly accounts: readonly UpstreamAccount[]
      /** How long a connection may take. */
      readonly connectTimeout: Millis
    }
  | {
      readonly kind: 'mock'
      readonly accounts: number
      readonly profile: string | Profile
      readonly limits: Readonly<Record<string, readonly Limit[]>>
      readonly speed: number
    }

/** A checked configuration of a gateway. */
export interface GatewayConfig {
  readonly spec: FetchGatewaySpec
  readonly upstream: GatewayUpstream
  readonly seed: number
  readonly port: number
  readonly host: string
  /** `true`: standard error. A text: the path of the file. `false`: there is no log. */
  readonly accessLog: boolean | string
}

export interface GatewayRead {
  readonly config: GatewayConfig
  /** Sentences, each of which names the flag, its value and the values that it accepts. */
  readonly problems: readonly string[]
}

/** The address of an upstream. A message does not quote what may hold a key. */
const urlCheck: Check = (field, value) => {
  const typed = String(value)
  const { protocol = '', username, password, search, hash } = URL.parse(typed) ?? {}
  if (/^https?:$/.test(protocol) && !username && !password && !search && !hash) return []
  const isShown = /^(?!sk-)[^@?#]*$/i.test(typed)
  const got = isShown ? show(value) : 'one with a key, a user, a query or a fragment, which is not shown here'
  return [`Expected \`${field}\` to be an address such as https://example.com/v1, got ${got}`]
}

/** The speed must not be 0, because a gateway has no control plane with which a paused mock could be started again. */
const speedAboveZero: Check = (field, value) =>
  value === 0
    ? [`Expected \`${field}\` to be > 0, got 0: a gateway cannot start a paused mock again`]
    : speedShape(field, value)

/** Without a list of customers, whoever reaches the gateway can use its accounts. */
const hostAlone: Check = (field, value) =>
  typeof value !== 'string' || value === '' || isLoopback(value)
    ? text(field, value)
    : [
        `Expected \`${field}\` to be an address that only this machine reaches, such as ${defaultHost}, got ${show(value)}: add \`--customer name=key\` for each customer who may use the accounts`,
      ]

/** Reads the flags. Flags that are left out have their defaults. Every problem is reported, not only the first. */
export function readGatewayFlags(flags: GatewayFlags): GatewayRead {
  const problems: string[] = []
  const checked = checking(problems)
  const upstream = flags.upstream === undefined ? mockOf(flags, problems) : upstreamOf(flags, problems)
  const pooled = upstream.kind === 'mock' ? upstream.accounts : upstream.accounts.length
  const balance = checked(oneOf(['round-robin', 'least-busy']), '--balance', flags.balance) ?? 'least-busy'
  const hours = number({ atLeast: 0, atMost: 3_600_000, whole: true })
  const customerLimits = customerLimitsOf(flags.customerLimit, problems)
  const customers = customersFrom(flags.customer, problems)
  const timeoutOf = (flag: string, typed: string | undefined, fallback: Millis) =>
    timeout(flag, typed, problems) ?? fallback
  const outages = outagesOf(flags.outages, problems)
  const spec: FetchGatewaySpec = {
    balance: balance as FetchGatewaySpec['balance'],
    failover:
      checked(number({ atLeast: 0, whole: true }), '--failover', numeral(flags.failover)) ?? Math.max(0, pooled - 1),
    hopDelay: checked(hours, '--hop-delay', numeral(flags.hopDelay)) ?? 0,
    priceFactor: checked(number({ atLeast: 0 }), '--price-factor', numeral(flags.priceFactor)) ?? 1,
    timeouts: {
      firstByte: timeoutOf('--first-byte-timeout', flags.firstByteTimeout, defaultTimeouts.firstByte),
      idle: timeoutOf('--idle-timeout', flags.idleTimeout, defaultTimeouts.idle),
      total: timeoutOf('--total-timeout', flags.totalTimeout, defaultTimeouts.total),
    },
    ...(customers && { customers }),
    ...(customerLimits && { customerLimits }),
    ...(outages && { outages }),
  }
  const config = {
    spec,
    upstream,
    seed: checked(seedShape, '--seed', numeral(flags.seed)) ?? defaultSeed,
    port: checked(portShape, '--port', numeral(flags.port)) ?? 8421,
    host: checked(customers ? text : hostAlone, '--host', flags.host) ?? defaultHost,
    accessLog: flags.accessLog === true ? true : (checked(text, '--access-log', flags.accessLog) ?? false),
  }
  return { config, problems }
}

function mockOf(flags: GatewayFlags, problems: string[]): GatewayUpstream {
  const checked = checking(problems)
  const [key] = flags.upstreamKey
  if (key)
    problems.push(`Expected \`${key.place}\` to come with --upstream, got it without: add --upstream and the address`)
  if (flags.connectTimeout !== undefined)
    problems.push('Expected `--connect-timeout` to come with --upstream, got it without: a mock needs no connection')
  return {
    kind: 'mock',
    accounts: checked(number({ atLeast: 1, atMost: 1000, whole: true }), '--accounts', numeral(flags.accounts)) ?? 3,
    profile: checked(givenProfile, '--profile', flags.profile) ?? defaultProfile,
    limits: limitsOf(flags.modelLimit, problems) ?? {},
    speed: checked(speedAboveZero, '--speed', speedOf(flags.speed)) ?? 1,
  }
}

function upstreamOf(flags: GatewayFlags, problems: string[]): GatewayUpstream {
  const baseUrl = checking(problems)(urlCheck, '--upstream', flags.upstream) ?? 'http://localhost/'
  const { accounts, profile, speed, modelLimit, upstreamKey } = flags
  const ofMock = { '--accounts': accounts, '--profile': profile, '--speed': speed, '--model-limit': modelLimit[0] }
  for (const [flag, value] of Object.entries(ofMock))
    if (value !== undefined)
      problems.push(`Expected \`${flag}\` only without --upstream, because it configures the mock, got ${show(value)}`)
  // Messages do not show keys, because they may be real.
  if (upstreamKey.length === 0)
    problems.push(
      'Expected `--upstream-key-file` to name a file with the keys of the accounts, one in each line, or `--upstream-key` to be the key of an account, once for each account, got none',
    )
  const keyProblems = new Set(upstreamKey.flatMap(({ place, text }) => keyText(place, text)))
  for (const problem of keyProblems) problems.push(problem)
  if (new Set(upstreamKey.map(({ text }) => text)).size < upstreamKey.length)
    problems.push('Expected `--upstream-key` to be a different key each time, got one twice')
  const connectTimeout = timeout('--connect-timeout', flags.connectTimeout, problems) ?? defaultConnectTimeout
  return { kind: 'upstream', accounts: upstreamKey.map(({ text }) => ({ baseUrl, key: text })), connectTimeout }
}

/** Reads customers such as `ada=key,key`, or a key alone, whose customer is then called by its number. */
function customersFrom(given: readonly Given[], problems: string[]): readonly GatewayCustomer[] | undefined {
  if (given.length === 0) return undefined
  const customers = given.flatMap(({ place, text }, i) => {
    const [, name, listed] = /^([\w.-]+)=(.*)$/s.exec(text) ?? []
    const keys = listed === undefined ? [text] : listed.split(',')
    if (keys.every((key) => key !== '' && !key.startsWith('=') && (listed !== undefined || !key.includes('='))))
      return [{ name: name ?? `customer-${i + 1}`, keys }]
    problems.push(
      `Expected \`${place}\` to be a key, or name=key,key for a key with = or several keys, got something else, which is not shown here`,
    )
    return []
  })
  for (const problem of new Set(customerProblems(customers))) problems.push(problem)
  return customers
}

function timeout(flag: string, typed: string | undefined, problems: string[]): Millis | undefined {
  if (typed === undefined) return undefined
  const ms = millisOf(typed)
  if (ms === undefined)
    problems.push(`Expected \`${flag}\` to be a length of time such as 500ms, 10s or 2m, got ${show(typed)}`)
  return ms
}

function customerLimitsOf(typed: string | undefined, problems: string[]): readonly Limit[] | undefined {
  if (typed === undefined) return undefined
  const read = readLimits('--customer-limit', typed)
  if ('limits' in read) return read.limits
  for (const problem of read.problems) problems.push(problem)
  return undefined
}

function outagesOf(typed: string | undefined, problems: string[]): FetchGatewaySpec['outages'] | undefined {
  if (typed === undefined) return undefined
  const [meanUp, meanDown, ...more] = typed.split('/').map(millisOf)
  if (meanUp !== undefined && meanDown !== undefined && more.length === 0) return { meanUp, meanDown }
  problems.push(`Expected \`--outages\` to be mean time up/mean time down, such as 10m/30s, got ${show(typed)}`)
  return undefined
}
