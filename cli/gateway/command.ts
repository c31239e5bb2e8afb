import { loadedProfile } from '../../lab/load-profile.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { type FetchGateway, fetchGateway } from '../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../sim/gateway/http/record.ts'
import type { UpstreamAccount } from '../../sim/gateway/http/upstream-account.ts'
import { upstreamFetch } from '../../sim/gateway/http/upstream-fetch.ts'
import { mock } from '../../sim/mock/mock.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { inputErrorOf } from '../../src/checks/input-error.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'
import { harmlessJson } from '../../src/core/printable.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { wrap } from '../../src/report/terminal/grid.ts'
import { limitsText } from '../../src/scenario/limit-text.ts'
import { type AccessLog, accessLog } from '../process/access-log.ts'
import { clientOrigin, listening } from '../process/listening.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { onRenew } from '../process/renew-signals.ts'
import { untilStopped } from '../process/stop-signals.ts'
import { type GatewayConfig, readGatewayFlags } from './flags.ts'
import { keysFrom, type TypedFlags } from './typed-keys.ts'
import type { GatewayUpstream } from './upstream-flags.ts'

const gatewayTerms =
  'Pooling accounts, or reselling their quota, can breach the provider’s terms of service; check them first.'

/** Runs `ratelab gateway`: listens until it is stopped. Throws an `InputError` for wrong flags, or when the port or host cannot be used. */
export async function gatewayCommand(
  flags: TypedFlags & { readonly json?: boolean; readonly grace: Millis },
): Promise<void> {
  let log: AccessLog<GatewayRecord> | undefined
  const stopRenewing = onRenew(() => void log?.reopen())
  const profile = await loadedProfile(flags.profile)
  const keys = await keysFrom(flags, process.env)
  const { config, problems } = readGatewayFlags({ ...flags, ...keys.found, ...(profile !== undefined && { profile }) })
  const allProblems = [...keys.problems, ...problems]
  if (allProblems.length > 0) throw inputErrorOf(allProblems, 'CONFIG_INVALID')
  for (const note of keys.notes) tell(`ratelab: ${note}`)
  if (config.accessLog) log = await accessLog(config.accessLog, (record) => record)
  const { gateway, stop } = gatewayOf(config, (record) => log?.write(record))
  const { port, host } = config
  const server = await listening(port, host, () => serve(gateway, { port, host }))
  const origin = clientOrigin(server.origin)
  print(flags.json ? cardJson(origin, server.port, config) : gatewayCard(origin, config, outputWidth(process.stdout)))
  await untilStopped({
    close: (grace) => server.close(grace),
    inFlight: () => gateway.inFlight,
    grace: flags.grace,
  }).finally(stop)
  stopRenewing()
  await log?.close()
}

/** The accounts of a gateway, and the `fetch` and the clock with which it sends to them. */
interface ReachableAccounts {
  readonly accounts: readonly UpstreamAccount[]
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Stops the mock's timers. */
  stop(): void
}

function gatewayOf(
  { spec, upstream, seed }: GatewayConfig,
  ended: (record: GatewayRecord) => void,
): { gateway: FetchGateway; stop: () => void } {
  const { stop, ...reached } = connect(upstream, seed)
  return { gateway: fetchGateway({ spec, ...reached, seed, ended }), stop }
}

/** Returns accounts that are reached over the network, or those of a mock in this process, which has a clock of its own. */
function connect(upstream: GatewayUpstream, seed: number): ReachableAccounts {
  if (upstream.kind === 'upstream') {
    const send = upstreamFetch({ clock: systemClock, connect: upstream.connectTimeout })
    return { accounts: upstream.accounts, fetch: send, clock: systemClock, stop: () => {} }
  }
  const timeline = wallTimeline({ speed: upstream.speed })
  const { profile, limits } = upstream
  const accounts = Array.from({ length: upstream.accounts }, (_, i) => ({
    name: `pool-${i + 1}`,
    keys: [`sk-pool-${i + 1}`],
  }))
  const provider = mock({ timeline, profile, limits, accounts, seed })
  return {
    accounts: accounts.map(({ keys }) => ({ baseUrl: 'http://mock/compatible-mode/v1', key: keys[0]! })),
    fetch: mockFetch(provider),
    clock: timeline,
    stop: () => timeline.stop(),
  }
}

/** Returns the start-up card as text for people, in lines of at most `width` columns. */
export function gatewayCard(origin: string, { spec, upstream, host }: GatewayConfig, width: number): string {
  const { balance, failover, customers, customerLimits = [], hopDelay, priceFactor, outages } = spec
  const each = customers ? 'for each customer' : 'for each key'
  const caps = customerLimits.length > 0 ? `${customerLimits.map(limitsText).join(' · ')}, ${each}` : 'none'
  const down = outages ? `${outages.meanUp / 1000} s up, ${outages.meanDown / 1000} s down, on average` : 'none'
  const note = `Note: customers’ keys and prompts pass over the network to ${host} without encryption.`
  return [
    ...wrap(`ratelab: a gateway listens on ${origin} in front of ${upstreamText(upstream)}`, width),
    '',
    ...alignedRows(
      [
        ['Caution', gatewayTerms],
        ['OpenAI SDKs', `${origin}/v1 (${customers ? 'with the key of a customer' : 'any key is accepted'})`],
        ['Customers', customers ? customerNames(customers).join(' · ') : 'everyone on this machine'],
        ['Balance', balance],
        ['Failover', failoverText(Math.min(failover, accountCount(upstream) - 1))],
        ['Customer cap', caps],
        ['Hop', `${hopDelay} ms each way`],
        ['Price factor', `${priceFactor} (in the header x-ratelab-price-factor and the access log)`],
        ['Outages', down],
      ],
      width,
    ),
    ...(isLoopback(host) ? [] : ['', ...wrap(note, width)]),
    '',
  ].join('\n')
}

/** The names of customers, each once. Their keys are never shown, also where one stands in the place of a name. */
function customerNames(customers: NonNullable<GatewayConfig['spec']['customers']>): string[] {
  return [...new Set(customers.map(({ name }) => withoutKeys(name)))]
}

function failoverText(further: number): string {
  if (further === 0) return 'none: a request goes to one account'
  return `at most ${further} further account${further === 1 ? '' : 's'}, after a 429, a failure or no reply`
}

function cardJson(origin: string, port: number, { spec, upstream }: GatewayConfig): string {
  const facts = {
    origin,
    port,
    pid: process.pid,
    baseUrls: { openai: `${origin}/v1` },
    accounts: accountCount(upstream),
  }
  const { customers, ...shown } = spec
  const named = customers && { customers: customerNames(customers) }
  return `${harmlessJson({ ...facts, ...shown, ...named, caution: gatewayTerms })}\n`
}

function accountCount({ accounts }: GatewayUpstream): number {
  return typeof accounts === 'number' ? accounts : accounts.length
}

function upstreamText(upstream: GatewayUpstream): string {
  const number = accountCount(upstream)
  const accounts = `${number} account${number === 1 ? '' : 's'}`
  if (upstream.kind === 'mock') return `${accounts} of a mock DashScope (profile ${profileOf(upstream.profile).name})`
  return `${accounts} of ${new URL(upstream.accounts[0]!.baseUrl).origin}`
}
