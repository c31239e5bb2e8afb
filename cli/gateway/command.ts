import { isLoopback } from '../../sim/control/loopback.ts'
import { type FetchGateway, fetchGateway } from '../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../sim/gateway/http/record.ts'
import type { UpstreamAccount } from '../../sim/gateway/http/upstream-account.ts'
import { mock } from '../../sim/mock/mock.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { inputErrorOf } from '../../src/checks/input-error.ts'
import type { Clock } from '../../src/core/clock.ts'
import { seeded } from '../../src/core/random.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { accessLog } from '../access-log.ts'
import { limitsText } from '../limit-text.ts'
import { clientOrigin, listening } from '../listening.ts'
import { untilStopped } from '../stop-signals.ts'
import { type Behind, type GatewayConfig, type GatewayFlags, readGatewayFlags } from './flags.ts'

const gatewayTerms =
  'Pooling accounts, or reselling their quota, can breach the provider’s terms of service; check them first.'

/** `ratelab gateway`: listens until it is told to stop. */
export async function gatewayCommand(flags: GatewayFlags & { readonly json?: boolean }): Promise<void> {
  const { config, problems } = readGatewayFlags(flags)
  if (problems.length > 0) throw inputErrorOf(problems)
  const log = config.accessLog ? await accessLog(config.accessLog) : undefined
  const { gateway, stop } = gatewayOf(config, (record) => log?.write(record))
  const { port, host } = config
  const server = await listening(port, host, () => serve(gateway, { port, host }))
  const origin = clientOrigin(server.origin)
  process.stdout.write(flags.json ? cardJson(origin, server.port, config) : card(origin, config))
  await untilStopped(
    (grace) => server.close(grace),
    () => gateway.inFlight,
  ).finally(stop)
  await log?.close()
}

interface Behinds {
  readonly accounts: readonly UpstreamAccount[]
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Frees what the mock holds. */
  stop(): void
}

function gatewayOf(
  { spec, behind, seed }: GatewayConfig,
  ended: (record: GatewayRecord) => void,
): { gateway: FetchGateway; stop: () => void } {
  const { stop, ...reached } = reach(behind, seed)
  return { gateway: fetchGateway({ spec, ...reached, random: seeded(seed).fork('gateway'), ended }), stop }
}

/** How the accounts are reached: over the network, or in this very process and in its own time. */
function reach(behind: Behind, seed: number): Behinds {
  if (behind.kind === 'upstream') return { accounts: behind.accounts, fetch, clock: systemClock, stop: () => {} }
  const timeline = wallTimeline({ speed: behind.speed })
  const { profile, limits } = behind
  const accounts = Array.from({ length: behind.accounts }, (_, i) => ({
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

function card(origin: string, { spec, behind, host }: GatewayConfig): string {
  const { balance, failover, customerLimits = [], hopDelay, priceFactor, outages } = spec
  const caps = customerLimits.length > 0 ? `${customerLimits.map(limitsText).join(' · ')}, for each key` : 'none'
  const down = outages ? `${outages.meanUp / 1000} s up, ${outages.meanDown / 1000} s down, on average` : 'none'
  return [
    `ratelab: a gateway listens on ${origin} before ${words(behind)}`,
    '',
    `  Caution         ${gatewayTerms}`,
    `  OpenAI SDKs     ${origin}/v1  (any key will do)`,
    `  Balance         ${balance}`,
    `  Failover        ${failoverWords(Math.min(failover, count(behind) - 1))}`,
    `  Customer cap    ${caps}`,
    `  Hop             ${hopDelay} ms each way`,
    `  Price factor    ${priceFactor}  (in the header x-ratelab-price-factor and the access log)`,
    `  Outages         ${down}`,
    ...(isLoopback(host)
      ? []
      : ['', `Note: whoever reaches ${host} over the network can spend the quota of these accounts.`]),
    '',
  ].join('\n')
}

function failoverWords(further: number): string {
  if (further === 0) return 'none: one account a request'
  return `${further} further account${further === 1 ? '' : 's'} at most, after a 429, a 5xx or a broken connection`
}

function cardJson(origin: string, port: number, { spec, behind }: GatewayConfig): string {
  const facts = { origin, port, pid: process.pid, baseUrls: { openai: `${origin}/v1` }, accounts: count(behind) }
  return `${JSON.stringify({ ...facts, ...spec, caution: gatewayTerms })}\n`
}

function count({ accounts }: Behind): number {
  return typeof accounts === 'number' ? accounts : accounts.length
}

function words(behind: Behind): string {
  const number = count(behind)
  const accounts = `${number} account${number === 1 ? '' : 's'}`
  if (behind.kind === 'mock') return `${accounts} of a mock DashScope (profile ${behind.profile})`
  return `${accounts} of ${new URL(behind.accounts[0]!.baseUrl).origin}`
}
