import { minimum } from '../../src/core/extremes.ts'
import type { Random } from '../../src/core/random.ts'
import type { DrawnLengths } from '../../src/scenario/lengths/lengths.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { drawnItem, drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'
import { mostTokensOfCall, tokensOfMeanCall } from './world-lengths.ts'

/** The periods of limits that Alibaba documents, in seconds. */
const periods = [1, 5, 6, 10, 12, 15, 30, 60] as const

/** The least limit on requests, so that a limit that falls still lets one through. */
const leastRequests = 4
/** The least limit on tokens in calls of the greatest length, so that none is too long for a limit that has fallen. */
const leastLongestCalls = 4

/** The limits of a world, and what they admit. */
export interface WorldLimits {
  /** As a scenario states them: `requests:300/15s,tokens:100000/6s`. */
  readonly stated: string
  /** The calls of mean length that all limits together admit in a second. */
  readonly perSecond: number
}

/** Draws limits on requests and on tokens for calls of these lengths. Those on tokens admit from a quarter to 2.5 times as many calls as those on requests. */
export function worldLimits(lengths: DrawnLengths, charge: Pick<Switches, 'tokenCharge'>, random: Random): WorldLimits {
  const tokensOfCall = tokensOfMeanCall(lengths, charge)
  const perSecond = drawnScale(0.5, 20, random)
  const requests = drawnPeriods(random).map((period) => ({
    period,
    limit: Math.max(leastRequests, rough(perSecond * period)),
  }))
  const tokensPerSecond = perSecond * tokensOfCall * drawnScale(0.25, 2.5, random)
  const tokens = drawnPeriods(random).map((period) => ({
    period,
    limit: Math.max(leastLongestCalls * mostTokensOfCall(lengths), Math.round(rough(tokensPerSecond * period))),
  }))
  return {
    stated: [...requests.map(statedLimit('requests')), ...tokens.map(statedLimit('tokens'))].join(','),
    perSecond: minimum([
      ...requests.map(({ limit, period }) => limit / period),
      ...tokens.map(({ limit, period }) => limit / period / tokensOfCall),
    ]),
  }
}

function drawnPeriods(random: Random): readonly number[] {
  const period = drawnItem(periods, random)
  return drawnKind(frequencies.windows, random) === 'paired' ? [1, 60] : [period]
}

function statedLimit(unit: 'requests' | 'tokens') {
  return ({ period, limit }: { readonly period: number; readonly limit: number }) =>
    `${unit}:${Math.round(limit)}/${period}s`
}
