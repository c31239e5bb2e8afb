import { loadedProfile } from '../../lab/load-profile.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { type FetchGateway, fetchGateway } from '../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../sim/gateway/http/record.ts'
import type { UpstreamAccount } from '../../sim/gateway/http/upstream-account.ts'
import { mock } from '../../sim/mock/mock.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { inputErrorOf } from '../../src/checks/input-error.ts'
import type { Clock } from '../../src/core/clock.ts'
import { harmlessJson } from '../../src/core/printable.ts'
import { seeded } from '../../src/core/random.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { wrap } from '../../src/report/terminal/grid.ts'
import { limitsText } from '../flags/limit-text.ts'
import { accessLog } from '../process/access-log.ts'
import { clientOrigin, listening } from '../process/listening.ts'
import { print } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { untilStopped } from '../process/stop-signals.ts'
import { type GatewayConfig, type GatewayFlags, type GatewayUpstream, readGatewayFlags } from './flags.ts'

const gatewayTerms =
  'Pooling accounts, or reselling their quota, can breach the provider’s terms of service; check them first.'

/** Runs `ratelab gateway`: listens until it is stopped. Throws an `InputError` for wrong flags, or when the port or host cannot be used. */
export async function gatewayCommand(flags: GatewayFlags & { readonly json?: boolean }): Promise<void> {
  const profile = await loadedProfile(flags.profile)
  const { config, problems } = readGatewayFlags({ ...flags, ...(profile !== undefined && { profile }) })
  if (problems.length > 0) throw inputErrorOf(problems, 'CONFIG_INVALID')
  const log = config.accessLog ? await accessLog(config.accessLog) : undefined
  const { gateway, stop } = gatewayOf(config, (record) => log?.write(record))
  const { port, host } = config
  const server = await listening(port, host, () => serve(gateway, { port, host }))
  const origin = clientOrigin(server.origin)
  print(flags.json ? cardJson(origin, server.port, config) : gatewayCard(origin, config, outputWidth(process.stdout)))
  await untilStopped(
    (grace) => server.close(grace),
    () => gateway.inFlight,
  ).finally(stop)
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
  return { gateway: fetchGateway({ spec, ...reached, random: seeded(seed).fork('gateway'), ended }), stop }
}

/** Returns accounts that are reached over the network, or those of a mock in this process, which has a clock of its own. */
function connect(upstream: GatewayUpstream, seed: number): ReachableAccounts {
  if (upstream.kind === 'upstream') return { accounts: upstream.accounts, fetch, clock: systemClock, stop: () => {} }
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
  const { balance, failover, customerLimits = [], hopDelay, priceFactor, outages } = spec
  const caps = customerLimits.length > 0 ? `${customerLimits.map(limitsText).join(' · ')}, for each key` : 'none'
  const down = outages ? `${outages.meanUp / 1000} s up, ${outages.meanDown / 1000} s down, on average` : 'none'
  const note = `Note: anyone who can reach ${host} over the network can use the quota of these accounts.`
  return [
    ...wrap(`ratelab: a gateway listens on ${origin} in front of ${upstreamText(upstream)}`, width),
    '',
    ...alignedRows(
      [
        ['Caution', gatewayTerms],
        ['OpenAI SDKs', `${origin}/v1 (any key is accepted)`],
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

function failoverText(further: number): string {
  if (further === 0) return 'none: a request goes to one account'
  return `at most ${further} further account${further === 1 ? '' : 's'}, after a 429, a 5xx or a broken connection`
}

function cardJson(origin: string, port: number, { spec, upstream }: GatewayConfig): string {
  const facts = {
    origin,
    port,
    pid: process.pid,
    baseUrls: { openai: `${origin}/v1` },
    accounts: accountCount(upstream),
  }
  return `${harmlessJson({ ...facts, ...spec, caution: gatewayTerms })}\n`
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
