import { addressCheck } from '../../sim/gateway/http/address-check.ts'
import type { UpstreamAccount } from '../../sim/gateway/http/upstream-account.ts'
import { defaultConnectTimeout } from '../../sim/gateway/http/upstream-fetch.ts'
import { givenProfile } from '../../sim/profiles/profiles.ts'
import { defaultProfile } from '../../sim/setup/defaults.ts'
import { speedShape } from '../../sim/setup/mock-setup.ts'
import { type Check, number } from '../../src/checks/shape.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import type { Limit } from '../../src/core/limit.ts'
import { keyText } from '../../src/scenario/accounts.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { checking, limitsOf, numeral, speedOf, timeLengthOf } from '../flags/flag-reading.ts'
import type { Given } from '../flags/key-sources.ts'

/** The flags that say which accounts a gateway pools. */
export interface UpstreamFlags {
  readonly accounts?: string
  readonly upstream?: string
  readonly upstreamKey: readonly Given[]
  /** The name of a profile, or a profile that is loaded. */
  readonly profile?: string | Profile
  readonly modelLimit: readonly string[]
  readonly speed?: string
  readonly connectTimeout?: string
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

/** The speed must not be 0, because a gateway has no control plane with which a paused mock could be started again. */
const speedAboveZero: Check = (field, value) =>
  value === 0
    ? [`Expected \`${field}\` to be > 0, got 0: a gateway cannot start a paused mock again`]
    : speedShape(field, value)

/** Reads the flags of a mock in this process. */
export function mockOf(flags: UpstreamFlags, problems: string[]): GatewayUpstream {
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

/** Reads the flags of accounts at an address. */
export function upstreamOf(flags: UpstreamFlags, problems: string[]): GatewayUpstream {
  const baseUrl = checking(problems)(addressCheck, '--upstream', flags.upstream) ?? 'http://localhost/'
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
  const again = upstreamKey.find(({ text }, i) => upstreamKey.slice(0, i).some((earlier) => earlier.text === text))
  if (again) problems.push(`Expected \`${again.place}\` to be a different key each time, got one twice`)
  const connectTimeout = timeLengthOf('--connect-timeout', flags.connectTimeout, problems) ?? defaultConnectTimeout
  return { kind: 'upstream', accounts: upstreamKey.map(({ text }) => ({ baseUrl, key: text })), connectTimeout }
}
