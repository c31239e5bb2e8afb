import { describe, expect, test } from 'vitest'
import { arrivalProblems } from '../../../../src/scenario/arrivals/arrival-problems.ts'

const kinds = 'at-once, closed, poisson, gamma, step, on-off, diurnal, flash-crowd, sessions, trace, custom'
const diurnal = { kind: 'diurnal', perSecond: 5, swing: 0.5, period: 86_400_000, peak: 0, until: 86_400_000 }
const crowd = { kind: 'flash-crowd', perSecond: 5, factor: 10, at: 0, lasts: 0, decay: 0, until: 60_000 }
const sessions = { kind: 'sessions', perSecond: 1, turns: 3, pause: 20_000, context: 8000, until: 60_000 }

describe('arrivalProblems', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no calls', { kind: 'at-once', calls: 0 }, ['Expected `a.calls` to be >= 1 and <= 20000000, got 0']],
    [
      'half a call',
      { kind: 'at-once', calls: 1.5 },
      ['Expected `a.calls` to be a whole number >= 1 and <= 20000000, got 1.5'],
    ],
    [
      'a bad rate and no end',
      { kind: 'poisson', perSecond: -1 },
      [
        'Expected `a.perSecond` to be > 0 and <= 1000000, got -1',
        'Expected `a.until` to be a finite number > 0, got undefined',
      ],
    ],
    [
      'no end',
      { kind: 'poisson', perSecond: 1, until: Infinity },
      ['Expected `a.until` to be a finite number > 0, got Infinity'],
    ],
    [
      'an unknown field',
      { kind: 'trace', speed: 1, sped: 2 },
      ['Expected `a` to have no fields but kind, speed, factor, got "sped"; did you mean speed?'],
    ],
    ['no generator', { kind: 'custom' }, ['Expected `a.generate` to be a function, got undefined']],
    [
      'on-times and off-times that would alternate without end',
      { kind: 'on-off', perSecond: 1, on: 5e-324, off: 0.5, until: 1000 },
      ['Expected `a.on` to be >= 1, got 5e-324', 'Expected `a.off` to be >= 1, got 0.5'],
    ],
    ['no kind', {}, [`Expected \`a.kind\` to be one of ${kinds}, got undefined`]],
    [
      'a misspelled kind',
      { kind: 'poison' },
      [`Expected \`a.kind\` to be one of ${kinds}, got "poison"; did you mean poisson?`],
    ],
    [
      'a name of the prototype',
      { kind: 'constructor' },
      [`Expected \`a.kind\` to be one of ${kinds}, got "constructor"`],
    ],
    [
      'a rate at which time stands still',
      { kind: 'poisson', perSecond: 1e300, until: 1000 },
      ['Expected `a.perSecond` to be > 0 and <= 1000000, got 1e+300'],
    ],
    [
      'a rate that is no number',
      { kind: 'step', before: Number.NaN, after: 1, at: 1, until: 2 },
      ['Expected `a.before` to be a finite number >= 0 and <= 1000000, got NaN'],
    ],
    [
      'gaps that no double expresses',
      { kind: 'gamma', perSecond: 1, cv: 1e300, until: 1000 },
      ['Expected `a.cv` to be >= 0.01 and <= 20, got 1e+300'],
    ],
    [
      'gaps without any variation',
      { kind: 'gamma', perSecond: 1, cv: 0, until: 1000 },
      ['Expected `a.cv` to be >= 0.01 and <= 20, got 0'],
    ],
    ['a rate below 0', { ...diurnal, swing: 1.5 }, ['Expected `a.swing` to be >= 0 and <= 1, got 1.5']],
    ['a period of no time', { ...diurnal, period: 1e-9 }, ['Expected `a.period` to be >= 1, got 1e-9']],
    [
      'more candidates than calls may be',
      { ...diurnal, perSecond: 1e6 },
      ['Expected `a` to make at most 20000000 calls, got `perSecond` × `until` = 86400000000: lower one of them'],
    ],
    ['a crowd that is fewer', { ...crowd, factor: 0.5 }, ['Expected `a.factor` to be >= 1 and <= 1000000, got 0.5']],
    ['a decay before it begins', { ...crowd, decay: -1 }, ['Expected `a.decay` to be >= 0, got -1']],
    ['conversations without a turn', { ...sessions, turns: 0 }, ['Expected `a.turns` to be >= 1 and <= 10000, got 0']],
    ['conversations without a pause', { ...sessions, pause: 1e-9 }, ['Expected `a.pause` to be >= 1, got 1e-9']],
    [
      'no workers',
      { kind: 'closed', workers: 0, calls: 1, think: 0 },
      ['Expected `a.workers` to be >= 1 and <= 10000, got 0'],
    ],
    [
      'thinking beyond any run',
      { kind: 'closed', workers: 1, calls: 1, think: 1e300 },
      ['Expected `a.think` to be >= 0 and <= 86400000, got 1e+300'],
    ],
    [
      'thinking that never ends',
      { kind: 'closed', workers: 1, calls: 1, think: Infinity },
      ['Expected `a.think` to be a finite number >= 0 and <= 86400000, got Infinity'],
    ],
    [
      'no calls of a trace',
      { kind: 'trace', speed: 1, factor: 0 },
      ['Expected `a.factor` to be > 0 and <= 1000, got 0'],
    ],
    ['no description', undefined, ['Expected `a` to be an object, got undefined']],
    ['a list', [1], ['Expected `a` to be an object, got a list']],
  ])('%s', (_what, arrivals, problems) => {
    expect(arrivalProblems('a', arrivals)).toEqual(problems)
  })
})
