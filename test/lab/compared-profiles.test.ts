import { expect, test } from 'vitest'
import { metricKinds, metricNames, sharingMetrics } from '../../src/compare/metric-kinds.ts'
import type { RawResult } from '../../src/compare/raw-result.ts'
import { regressionOf } from '../../src/compare/regression.ts'
import { resultOf } from './result-of.ts'

const options = { strategies: ['queue', 'retry-pace'], seeds: 6, set: ['arrivals.calls=90'] }
const compare = (before: RawResult, after: RawResult) =>
  regressionOf({ label: 'a', result: before }, { label: 'b', result: after })
const isMoney = (metric: keyof typeof metricKinds) => metricKinds[metric].kind === 'money'

/** The metrics of a case in which nobody shares. */
const ofOneProcess = metricNames.filter((name) => !sharingMetrics.includes(name))

test('two profiles with the same limits and prices are paired seed by seed, differ in nothing, and are named', async () => {
  const [article, intl] = [await resultOf('burst', options), await resultOf('burst', { ...options, profile: 'intl' })]
  const { rows, remarks, seeds, currency } = compare(article, intl)
  const pairs = article.study.cases.flatMap(({ name }) => options.strategies.map((strategy) => [name, strategy]))
  expect(rows.map((row) => [row.case, row.strategyBefore, row.strategyAfter, row.metric])).toEqual(
    pairs.flatMap(([name, strategy]) => ofOneProcess.map((metric) => [name, strategy, strategy, metric])),
  )
  expect([seeds, currency]).toEqual([{ arePaired: true, before: 6, after: 6 }, 'USD'])
  expect(rows.filter(({ conclusion }) => conclusion !== 'not distinguishable')).toEqual([])
  expect(remarks).toEqual(['The profiles differ: article and intl.'])
})

test('two profiles with other limits and another currency are paired as far as that is possible, and the rest is said', async () => {
  const changes = { profile: 'cn-beijing', strategies: ['queue'], set: [...options.set, 'rejectsCount=true'] }
  const [article, beijing] = [await resultOf('burst', options), await resultOf('burst', { ...options, ...changes })]
  const { rows, remarks, seeds } = compare(article, beijing)
  const cases = article.study.cases.map(({ name }) => name)
  expect([...new Set(rows.map((row) => `${row.case} ${row.strategyAfter}`))]).toEqual(
    cases.map((name) => `${name} queue`),
  )
  expect(seeds.arePaired).toBe(true)
  expect(new Set(rows.map(({ metric }) => metric))).toEqual(new Set(ofOneProcess.filter((name) => !isMoney(name))))
  expect(rows.some(({ conclusion }) => conclusion === 'worse' || conclusion === 'better')).toBe(true)
  expect(remarks).toEqual([
    'The profiles differ: article and cn-beijing.',
    'The values of the switch rejectsCount differ: false and true.',
    'The changed options differ: --set arrivals.calls=90 and --set arrivals.calls=90 --set rejectsCount=true.',
    'Prices are in USD and in CNY, so metrics of money are not compared.',
    ...cases.map((name) => `Only a has the strategy retry-pace in the case ${name}: not compared.`),
  ])
})
