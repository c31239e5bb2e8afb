import { portShape } from '../../sim/config/serve-config.ts'
import type { FetchGatewaySpec } from '../../sim/gateway/http/fetch-gateway.ts'
import { defaultTimeouts } from '../../sim/gateway/http/patience.ts'
import { defaultHost, defaultSeed } from '../../sim/setup/defaults.ts'
import { seedShape } from '../../sim/setup/mock-setup.ts'
import { number, oneOf, text } from '../../src/checks/shape.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import { hardLimitsShape } from '../../src/scenario/accounts.ts'
import { millisOf, readLimits } from '../../src/scenario/limit-text.ts'
import { checking, numeral, timeLengthOf } from '../flags/flag-reading.ts'
import type { Given } from '../flags/key-sources.ts'
import { customersFrom, hostAlone } from './customer-flags.ts'
import { type GatewayUpstream, mockOf, type UpstreamFlags, upstreamOf } from './upstream-flags.ts'

/** The flags of the command line, as typed, and the keys and customers with those that stand in files and in the environment. */
export interface GatewayFlags extends UpstreamFlags {
  readonly customer: readonly Given[]
  readonly balance?: string
  readonly failover?: string
  readonly customerLimit?: string
  readonly hopDelay?: string
  readonly priceFactor?: string
  readonly outages?: string
  readonly firstByteTimeout?: string
  readonly idleTimeout?: string
  readonly totalTimeout?: string
  readonly seed?: string
  readonly port?: string
  readonly host?: string
  readonly accessLog?: true | string
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
  const timeout = (flag: string, typed: string | undefined, fallback: Millis) =>
    timeLengthOf(flag, typed, problems) ?? fallback
  const outages = outagesOf(flags.outages, problems)
  const spec: FetchGatewaySpec = {
    balance: balance as FetchGatewaySpec['balance'],
    failover:
      checked(number({ atLeast: 0, whole: true }), '--failover', numeral(flags.failover)) ?? Math.max(0, pooled - 1),
    hopDelay: checked(hours, '--hop-delay', numeral(flags.hopDelay)) ?? 0,
    priceFactor: checked(number({ atLeast: 0 }), '--price-factor', numeral(flags.priceFactor)) ?? 1,
    timeouts: {
      firstByte: timeout('--first-byte-timeout', flags.firstByteTimeout, defaultTimeouts.firstByte),
      idle: timeout('--idle-timeout', flags.idleTimeout, defaultTimeouts.idle),
      total: timeout('--total-timeout', flags.totalTimeout, defaultTimeouts.total),
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

function customerLimitsOf(typed: string | undefined, problems: string[]): readonly Limit[] | undefined {
  if (typed === undefined) return undefined
  const read = readLimits('--customer-limit', typed)
  const found = 'limits' in read ? hardLimitsShape('--customer-limit', read.limits) : read.problems
  for (const problem of found) problems.push(problem)
  return 'limits' in read && found.length === 0 ? read.limits : undefined
}

function outagesOf(typed: string | undefined, problems: string[]): FetchGatewaySpec['outages'] | undefined {
  if (typed === undefined) return undefined
  const [meanUp, meanDown, ...more] = typed.split('/').map(millisOf)
  if (meanUp !== undefined && meanDown !== undefined && more.length === 0) return { meanUp, meanDown }
  problems.push(`Expected \`--outages\` to be mean time up/mean time down, such as 10m/30s, got ${show(typed)}`)
  return undefined
}
