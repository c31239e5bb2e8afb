import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { entryNamed, strategyNames } from '../../lab/catalogue/catalogue.ts'
import type { ClientKnowledge } from '../../lab/catalogue/client-knowledge.ts'
import { resolveStrategy, strategyId } from '../../lab/contestants.ts'
import { variantOf, variantProblems } from '../../lab/strategy-variant.ts'
import burst from '../../scenarios/burst.ts'
import { profiles } from '../../sim/profiles/profiles.ts'

const knowledge: ClientKnowledge = { world: burst.world, profile: profiles.article!, model: 'qwen3-max' }
const labelOf = (text: string) => resolveStrategy(text, knowledge).contestant.label

describe('a strategy with options by name', () => {
  test('is built with these options in place of those that the catalogue derives', () => {
    expect(labelOf('retry-full:attempts=5,base=500')).toBe('retry(5, full, 500..60000 ms)')
    expect(labelOf('pace:perSecond=2.5,retriesFirst=false')).toBe('pace(2.5/s, fifo)')
    expect(labelOf('retry-pace:perSecond=3')).toBe('retry(10, equal) + pace(3/s)')
    expect(labelOf('retry-concurrency:limit=7,jitter=none')).toBe('retry(10, none) + concurrency(7)')
    expect(labelOf('article-queue:rpm=30')).toContain('30')
  })

  test('every option of the catalogue reaches its strategy', () => {
    const values: Record<string, string> = {
      attempts: '7',
      base: '123',
      cap: '54321',
      jitter: 'none',
      perSecond: '1.25',
      retriesFirst: 'false',
      rpm: '77',
      limit: '3',
      retries: '5',
      skipLate: 'false',
      burst: '0.5',
      share: '0.8',
      tolerance: '7',
      pad: '7',
      tpm: '77',
      pause: '7',
      wait: '7000',
      aging: '7',
      promptWeight: '7',
      outputWeight: '7',
      longestAdvice: '4321',
      longest: '4321',
      window: '3210',
      spread: '321',
      quota: '50',
      retryCost: '6',
      minPerSecond: '2',
      ttl: '2000',
      start: '50',
      least: '7',
      most: '150',
      doubling: '5000',
      increase: '0.02',
      decrease: '0.75',
      floor: '0.25',
      multiplier: '1.5',
      choose: 'random',
      cooldown: '4321',
      after: '1234',
      threshold: '0.75',
      rest: '4321',
      park: 'false',
      alone: 'true',
      randomize: 'true',
      maxTimeout: '4321',
      maxRetries: '7',
      intervalCap: '3',
      interval: '77',
      strict: 'false',
      concurrency: '3',
      minTime: '77',
      reservoir: '7',
      reservoirRefreshAmount: '7',
      reservoirRefreshInterval: '750',
    }
    for (const name of strategyNames)
      for (const option of Object.keys(entryNamed(name).options)) {
        const text = `${name}:${option}=${values[option]}`
        expect(labelOf(text), text).not.toBe(labelOf(name))
      }
  })

  test('has one id, whatever the order and the spelling of its options', () => {
    const id = 'retry-full:attempts=5,base=500'
    for (const text of [id, 'retry-full:base=500,attempts=5', 'retry-full: attempts = 5 , base = 5e2'])
      expect(variantOf(text).id).toBe(id)
    expect(strategyId('retry-full:base=0.5e3,attempts=5')).toBe(id)
  })

  test.each([
    [
      'retry-full:atempts=5',
      /`s` to be retry-full with the options attempts, base, cap, longestAdvice, got "atempts" in .*; did you mean attempts\?/,
    ],
    ['retry-full:attempts=many', /`attempts` of `s` to be a number, got "many" in "retry-full:attempts=many"/],
    ['retry-full:attempts=', /`attempts` of `s` to be a number, got ""/],
    ['retry-full:attempts', /`attempts` of `s` to be a number, got ""/],
    ['retry-full:attempts=1,attempts=2', /`s` to give each option once, got "attempts" twice/],
    ['pace:retriesFirst=yes', /`retriesFirst` of `s` to be true or false, got "yes"/],
    ['none:attempts=5', /`s` to be none without options, since it has none, got "attempts"/],
    ['retry-ful:attempts=5', /`s` to start with one of none, .*got "retry-ful:attempts=5"; did you mean retry-full\?/],
    ['retry-full:', /`s` to be retry-full with the options attempts, base, cap, longestAdvice, got ""/],
    ['constructor:x=1', /`s` to start with one of none/],
    ['retry-full:toString=1', /got "toString"/],
  ])('an error says what is wrong with %s', (text, message) => {
    const [problem, ...others] = variantProblems('s', text)
    expect(problem).toMatch(message)
    expect(others).toEqual([])
  })

  test('a value that the strategy itself refuses is an error that names the item and its options', () => {
    const build = () => resolveStrategy('retry-full:attempts=0', knowledge)
    expect(build).toThrow(
      'Expected `attempts` to be >= 1, got 0 (in retry-full:attempts=0, whose options are attempts, base, cap, longestAdvice)',
    )
    expect(build).toThrow(expect.objectContaining({ name: 'InputError', code: 'STRATEGY_INVALID' }))
    expect(() => resolveStrategy('retry-pace:jitter=hope', knowledge)).toThrow('`jitter` to be one of')
  })

  test.prop([
    fc.shuffledSubarray(['attempts', 'base', 'cap'], { minLength: 1 }),
    fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 3 }),
  ])('the id spells the same variant again', (options, values) => {
    const text = `retry-equal:${options.map((option, i) => `${option}=${values[i]}`).join(',')}`
    expect(variantProblems('s', text)).toEqual([])
    const variant = variantOf(text)
    expect(variant.given).toEqual(Object.fromEntries(options.map((option, i) => [option, values[i]])))
    expect(variantOf(variant.id)).toEqual(variant)
  })

  test.prop([fc.string()])('any text is spelled without an exception, or has problems', (text) => {
    const spelled = `retry-full:${text}`
    if (variantProblems('s', spelled).length === 0) expect(variantOf(spelled).id).toMatch(/^retry-full:\w/)
  })
})
