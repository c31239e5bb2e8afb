import type { LoadOptions } from '../../lab/load/load-options.ts'
import { isOwnMachine } from '../../lab/load/mock-address.ts'
import { addressCheck } from '../../sim/gateway/http/address-check.ts'
import { oneAccount } from '../../sim/setup/defaults.ts'
import { speeds } from '../../sim/time/wall-timeline.ts'
import { inputErrorOf } from '../../src/checks/input-error.ts'
import { type Check, number } from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import { keyText } from '../../src/scenario/accounts.ts'
import { readLimits } from '../../src/scenario/limit-text.ts'
import { checking, numeral, speedOf } from '../flags/flag-reading.ts'
import { givenKeys } from '../flags/key-sources.ts'

/** The flags of `ratelab load` that say where a load goes, as they were typed. */
export interface LoadFlags {
  readonly url?: string
  readonly key: readonly string[]
  readonly keyFile?: string
  readonly limits?: string
  readonly speed?: string
  readonly allowHost?: string
  readonly maxRequests?: string
  readonly maxSpend?: string
  readonly stream?: boolean
}

/** What the flags mean, and what the user should know about them. */
export interface LoadFlagsRead {
  readonly load: Omit<LoadOptions, 'send'>
  readonly notes: readonly string[]
}

/** What is said before a load leaves this machine. */
const terms =
  'Caution: this load reaches a service beyond this machine and is billed to its account. The provider’s terms may forbid load tests; check them first.'

/** Reads the flags. Rejects with an `InputError` that lists every problem. No message has a key. */
export async function readLoadFlags(flags: LoadFlags, environment: NodeJS.ProcessEnv): Promise<LoadFlagsRead> {
  const problems: string[] = []
  const checked = checking(problems)
  if (flags.url === undefined)
    problems.push('Expected `--url` to be an address such as http://127.0.0.1:8420/compatible-mode/v1, got none')
  const url = checked(addressCheck, '--url', flags.url)?.replace(/\/+$/, '')
  if (url?.endsWith('/chat/completions'))
    problems.push('Expected `--url` to be the address that `/chat/completions` follows, got one with it: leave it out')
  const host = url === undefined ? undefined : new URL(url).hostname
  const isHere = host === undefined || isOwnMachine(host)
  const { given, ...keys } = await givenKeys(
    { flag: '--key', typed: flags.key, fileFlag: '--key-file', file: flags.keyFile, variable: 'RATELAB_KEYS' },
    environment,
  )
  const wrongKeys = new Set([...keys.problems, ...given.flatMap(({ place, text }) => keyText(place, text))])
  for (const problem of wrongKeys) problems.push(problem)
  const repeated = given.find(({ text }, i) => given.slice(0, i).some((earlier) => earlier.text === text))
  if (repeated) problems.push(`Expected \`${repeated.place}\` to be a different key each time, got one twice`)
  const speed = checked(number(speeds), '--speed', speedOf(flags.speed))
  const maxRequests = checked(number({ atLeast: 1, whole: true }), '--max-requests', numeral(flags.maxRequests))
  const maxSpend = checked(number({ atLeast: 0 }), '--max-spend', numeral(flags.maxSpend))
  const limits = limitsOf(flags.limits, problems)
  if (!isHere) {
    for (const problem of beyondProblems(host, flags)) problems.push(problem)
    if (given.length === 0 && keys.problems.length === 0)
      problems.push('Expected `--key-file` to name a file with a key, or `RATELAB_KEYS` to have one, got none')
  }
  if (problems.length > 0) throw inputErrorOf(problems)
  return {
    load: {
      url: url!,
      keys: given.length > 0 ? given.map(({ text }) => text) : oneAccount[0]!.keys,
      ...(speed !== undefined && { speed }),
      ...(limits !== undefined && { limits }),
      ...(maxRequests !== undefined && { maxRequests }),
      ...(maxSpend !== undefined && { maxSpend }),
      ...(flags.stream && { stream: true }),
    },
    notes: [...keys.notes, ...(isHere ? [] : [terms])],
  }
}

/** What is missing for a load that leaves this machine. */
function beyondProblems(host: string, { allowHost, maxRequests, maxSpend, speed }: LoadFlags): string[] {
  const why = `since the load leaves this machine`
  const isHost: Check = (field, value) =>
    value === host
      ? []
      : [
          `Expected \`${field}\` to be ${host}, the host of \`--url\`, ${why}, got ${value === undefined ? 'none' : show(value)}`,
        ]
  return [
    ...isHost('--allow-host', allowHost),
    ...(maxRequests === undefined ? [`Expected \`--max-requests\` to be a number of requests, ${why}, got none`] : []),
    ...(maxSpend === undefined ? [`Expected \`--max-spend\` to be an amount of money, ${why}, got none`] : []),
    ...(speed === undefined || speedOf(speed) === 1
      ? []
      : [`Expected \`--speed\` to be left out, ${why}: only the clock of a mock runs faster, got ${show(speed)}`]),
  ]
}

function limitsOf(typed: string | undefined, problems: string[]): LoadOptions['limits'] {
  if (typed === undefined || typed === 'profile') return typed
  const read = readLimits('--limits', typed)
  if ('limits' in read) return read.limits
  for (const problem of read.problems) problems.push(problem)
  return undefined
}
