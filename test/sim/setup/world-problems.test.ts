import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { profiles } from '../../../sim/profiles/profiles.ts'
import { worldProblems } from '../../../sim/setup/world-problems.ts'
import type { AccountSpec } from '../../../src/scenario/accounts.ts'
import type { GatewaySpec, World } from '../../../src/scenario/world.ts'

const model = 'qwen3-max'
const gateway = {
  endpoint: 'proxy',
  accounts: ['pool'],
  balance: 'least-busy',
  failover: 2,
  hopDelay: 15,
  priceFactor: 0.88,
} satisfies GatewaySpec
const plain = {
  profile: 'article',
  accounts: [
    { name: 'main', keys: ['sk-1', 'sk-2'] },
    { name: 'pool', keys: ['sk-3'] },
  ],
  gateways: [gateway],
  events: [{ at: 60_000, account: 'main', model, factor: 3 }],
  switches: { window: 'fixed', burstGuard: false, networkDelay: 0 },
} satisfies World

const problems = (changes: object) => worldProblems({ ...plain, ...changes }, 'world', model)
const withAccount = (changes: object) =>
  problems({ accounts: [...plain.accounts, { name: 'third', keys: ['sk-4'], ...changes }] })
const withGateway = (changes: object) => problems({ gateways: [{ ...gateway, ...changes }] })
const withEvent = (changes: object) => problems({ events: [{ ...plain.events[0], ...changes }] })

describe('a world', () => {
  test('is right as it is', () => {
    expect(worldProblems(plain, 'world', model)).toEqual([])
    expect(worldProblems({ profile: 'article', accounts: [{ name: 'a', keys: ['k'] }] }, 'world', model)).toEqual([])
    expect(problems({ gateways: [], events: [], switches: {} })).toEqual([])
    expect(problems({ gateways: undefined, events: undefined, switches: undefined })).toEqual([])
  })

  test.each(Object.values(profiles).map(({ name, models }) => [name, Object.keys(models)[0]!]))(
    'may be %s',
    (profile, first) => {
      expect(worldProblems({ profile, accounts: [{ name: 'a', keys: ['k'] }] }, 'world', first)).toEqual([])
    },
  )

  test.each([
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined'],
    ['a list', [], 'a list'],
    ['a function', () => plain, 'a function'],
  ])('is not %s', (_what, value, shown) => {
    expect(worldProblems(value, 'cases[1].world', model)).toEqual([
      `Expected \`cases[1].world\` to be an object, got ${shown}`,
    ])
  })

  test.each<[string, object, readonly (string | RegExp)[]]>([
    [
      'a slip in the profile',
      { profile: 'artcle' },
      [/^Expected `world\.profile` to be one of article, .*, got "artcle"; did you mean article\?$/],
    ],
    ['a profile of the prototype', { profile: '__proto__' }, [/^Expected `world\.profile` to be one of /]],
    [
      'no accounts',
      { accounts: [], gateways: [], events: [] },
      ['Expected `world.accounts` to have at least one item, got none'],
    ],
    [
      'accounts that are none',
      { accounts: 5, gateways: [], events: [] },
      ['Expected `world.accounts` to be a list, got a number'],
    ],
    [
      'a field that nobody reads',
      { gateway: [] },
      [
        'Expected `world` to have no fields but profile, accounts, gateways, limits, background, events, switches, got "gateway"; did you mean gateways?',
      ],
    ],
    [
      'everything missing',
      { profile: undefined, accounts: undefined, gateways: [], events: [] },
      [/^Expected `world\.profile` /, /^Expected `world\.accounts` /],
    ],
  ])('has %s', (_what, changes, expected) => {
    expect(problems(changes)).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    )
  })

  test.each(['qwen3-mux', 'toString', ''])('has no model like %j', (name) => {
    expect(worldProblems({ ...plain, events: [] }, 'world', name)).toEqual([
      expect.stringMatching(/^Expected `model` to be one of .*qwen3-max/),
    ])
  })
})

describe('an account', () => {
  test('may have everything', () => {
    const limits = { 'qwen3-max': [{ rule: 'rpm', limit: 60, window: 60_000 }] } as const
    const account = {
      name: 'third',
      keys: ['sk-4'],
      freeTokens: 0,
      stopWhenFreeIsUsed: true,
      payable: false,
      arrears: false,
      // A workspace may name keys of its own account.
      workspaces: [
        { name: 'a', keys: ['sk-4', 'sk-5'], limits },
        { name: 'b', keys: ['sk-6'], limits: {} },
      ],
    } satisfies AccountSpec
    expect(withAccount(account)).toEqual([])
  })

  test.each<[string, object, readonly string[]]>([
    [
      'the name of another',
      { name: 'main' },
      ['Expected `world.accounts[2].name` to differ from `world.accounts[0].name`, got "main" twice'],
    ],
    ['no name', { name: '' }, ['Expected `world.accounts[2].name` to be a text that is not empty, got ""']],
    ['no keys', { keys: [] }, ['Expected `world.accounts[2].keys` to have at least one item, got none']],
    [
      'an empty key',
      { keys: ['sk-4', ''] },
      [
        'Expected `world.accounts[2].keys[1]` to be visible ASCII without spaces, as a header carries it, got an empty text',
      ],
    ],
    [
      'a key twice',
      { keys: ['sk-4', 'sk-4'] },
      ['Expected `world.accounts[2].keys[1]` to differ from `world.accounts[2].keys[0]`, got a text twice'],
    ],
    [
      'the key of another',
      { keys: ['sk-3'] },
      ['Expected `world.accounts[2].keys[0]` to be a key of one account, got the key of `world.accounts[1].keys[0]`'],
    ],
    [
      'half a token',
      { freeTokens: 0.5 },
      ['Expected `world.accounts[2].freeTokens` to be a whole number >= 0, got 0.5'],
    ],
    [
      'flags that are none',
      { payable: 'yes', arrears: 0 },
      [
        'Expected `world.accounts[2].payable` to be true or false, got "yes"',
        'Expected `world.accounts[2].arrears` to be true or false, got 0',
      ],
    ],
    [
      'a field that nobody reads',
      { key: 'sk' },
      [
        'Expected `world.accounts[2]` to have no fields but name, keys, freeTokens, stopWhenFreeIsUsed, payable, arrears, workspaces, got "key"; did you mean keys?',
      ],
    ],
    [
      'the key of another in its workspace',
      { workspaces: [{ name: 'a', keys: ['sk-1'], limits: {} }] },
      [
        'Expected `world.accounts[2].workspaces[0].keys[0]` to be a key of one account, got the key of `world.accounts[0].keys[0]`',
      ],
    ],
    [
      'a key in two workspaces, of one name',
      {
        workspaces: [
          { name: 'a', keys: ['sk-4'], limits: {} },
          { name: 'a', keys: ['sk-4'], limits: {} },
        ],
      },
      [
        'Expected `world.accounts[2].workspaces[1].name` to differ from `world.accounts[2].workspaces[0].name`, got "a" twice',
        'Expected `world.accounts[2].workspaces[1].keys[0]` to be a key of one workspace, got the key of `world.accounts[2].workspaces[0].keys[0]`',
      ],
    ],
    [
      'limits that are none',
      { workspaces: [{ name: 'a', keys: ['k'], limits: { [model]: [{ rule: 'rpd', limit: 0, window: 1.5 }] } }] },
      [
        `Expected \`world.accounts[2].workspaces[0].limits["${model}"][0].rule\` to be one of rps, rpm, tps, tpm, plan-hour, plan-week, plan-month, got "rpd"; did you mean rps?`,
        `Expected \`world.accounts[2].workspaces[0].limits["${model}"][0].limit\` to be > 0, got 0`,
        `Expected \`world.accounts[2].workspaces[0].limits["${model}"][0].window\` to be a whole number > 0 and <= 31622400000, got 1.5`,
      ],
    ],
  ])('has %s', (_what, changes, expected) => {
    expect(withAccount(changes)).toEqual(expected)
  })

  test('has a workspace with limits on a model that is not', () => {
    expect(withAccount({ workspaces: [{ name: 'a', keys: ['k'], limits: { 'qwen3-mx': [] } }] })).toEqual([
      expect.stringMatching(
        /^Expected `world\.accounts\[2\]\.workspaces\[0\]\.limits` to be one of .*, got "qwen3-mx"; did you mean qwen3-max\?$/,
      ),
    ])
  })
})

describe('a gateway', () => {
  test('may have everything', () => {
    const customerLimits = [{ rule: 'rps', limit: 1, window: 1000 }]
    expect(
      withGateway({ customerLimits, outages: { meanUp: 3_600_000, meanDown: 30_000 }, hopDelay: 0, priceFactor: 0 }),
    ).toEqual([])
  })

  test.each<[string, object, readonly string[]]>([
    [
      'an account that is not',
      { accounts: ['poll'] },
      ['Expected `world.gateways[0].accounts[0]` to be one of main, pool, got "poll"; did you mean pool?'],
    ],
    ['no accounts', { accounts: [] }, ['Expected `world.gateways[0].accounts` to have at least one item, got none']],
    [
      'an account twice',
      { accounts: ['pool', 'pool'] },
      ['Expected `world.gateways[0].accounts[1]` to differ from `world.gateways[0].accounts[0]`, got "pool" twice'],
    ],
    [
      'the endpoint of the provider itself',
      { endpoint: 'dashscope' },
      ['Expected `world.gateways[0].endpoint` to differ from the endpoints of the provider itself, got "dashscope"'],
    ],
    [
      'no address',
      { endpoint: undefined },
      ['Expected `world.gateways[0].endpoint` to be a text that is not empty, got undefined'],
    ],
    [
      'no balance',
      { balance: 'random' },
      ['Expected `world.gateways[0].balance` to be one of round-robin, least-busy, got "random"'],
    ],
    [
      'negative numbers',
      { failover: -1, hopDelay: -15, priceFactor: -0.1 },
      [
        'Expected `world.gateways[0].failover` to be >= 0, got -1',
        'Expected `world.gateways[0].hopDelay` to be >= 0 and <= 15552000000, got -15',
        'Expected `world.gateways[0].priceFactor` to be >= 0 and <= 1000000, got -0.1',
      ],
    ],
    [
      'half a millisecond',
      { hopDelay: 0.5 },
      ['Expected `world.gateways[0].hopDelay` to be a whole number >= 0 and <= 15552000000, got 0.5'],
    ],
    [
      'outages without end',
      { outages: { meanUp: 0 } },
      [
        'Expected `world.gateways[0].outages.meanUp` to be >= 1, got 0',
        'Expected `world.gateways[0].outages.meanDown` to be a finite number >= 1, got undefined',
      ],
    ],
    [
      'limits that are none',
      { customerLimits: [null] },
      ['Expected `world.gateways[0].customerLimits[0]` to be an object, got null'],
    ],
    [
      'limits that are soft',
      { customerLimits: [{ rule: 'rpm', limit: 1, window: 60_000, soft: true }] },
      [
        'Expected `world.gateways[0].customerLimits[0]` not to be soft, since only a provider has soft limits, got soft: true',
      ],
    ],
    [
      'limits of a plan',
      { customerLimits: [{ rule: 'plan-hour', limit: 1, window: 60_000 }] },
      [
        'Expected `world.gateways[0].customerLimits[0].rule` to be no rule of a plan, which only a provider has, got "plan-hour"',
      ],
    ],
    [
      'a field that nobody reads',
      { price: 1 },
      [
        'Expected `world.gateways[0]` to have no fields but endpoint, accounts, balance, failover, customerLimits, hopDelay, priceFactor, outages, got "price"',
      ],
    ],
  ])('has %s', (_what, changes, expected) => {
    expect(withGateway(changes)).toEqual(expected)
  })

  test('has the address of another', () => {
    expect(problems({ gateways: [gateway, gateway] })).toEqual([
      'Expected `world.gateways[1].endpoint` to differ from `world.gateways[0].endpoint`, got "proxy" twice',
    ])
  })
})

describe('an event', () => {
  test.each<[string, object, readonly (string | RegExp)[]]>([
    [
      'an account that is not',
      { account: 'man' },
      ['Expected `world.events[0].account` to be one of main, pool, got "man"; did you mean main?'],
    ],
    [
      'a model that is not',
      { model: 'constructor' },
      [/^Expected `world\.events\[0\]\.model` to be one of .*, got "constructor"$/],
    ],
    ['no instant', { at: -1 }, ['Expected `world.events[0].at` to be >= 0 and <= 15552000000, got -1']],
    [
      'a limit that falls to nothing',
      { factor: 0 },
      ['Expected `world.events[0].factor` to be > 0 and <= 1000000, got 0'],
    ],
    [
      'a limit without end',
      { factor: Infinity },
      ['Expected `world.events[0].factor` to be a finite number > 0 and <= 1000000, got Infinity'],
    ],
    ['two amounts', { to: 2 }, ['Expected `world.events[0]` to have either `factor` or `to`, got both']],
    ['no amount', { factor: undefined }, ['Expected `world.events[0]` to have either `factor` or `to`, got neither']],
    [
      'repetitions without a number',
      { repeat: { every: 60_000 } },
      ['Expected `world.events[0].repeat.times` to be a whole number >= 1 and <= 1000, got undefined'],
    ],
    [
      'too many repetitions',
      { repeat: { every: 1, times: 1001 } },
      ['Expected `world.events[0].repeat.times` to be >= 1 and <= 1000, got 1001'],
    ],
    [
      'a field that nobody reads',
      { by: 2 },
      ['Expected `world.events[0]` to have no fields but at, account, model, factor, to, unit, repeat, got "by"'],
    ],
  ])('has %s', (_what, changes, expected) => {
    expect(withEvent(changes)).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    )
  })

  test('knows no account where there is none to know', () => {
    expect(problems({ accounts: undefined, gateways: [] })).toEqual([
      'Expected `world.accounts` to be a list, got undefined',
    ])
  })
})

describe('switches', () => {
  test.each<[string, unknown, readonly (string | RegExp)[]]>([
    [
      'a slip in a value',
      { window: 'slide' },
      ['Expected `world.switches.window` to be one of sliding, fixed, bucket, anchored, got "slide"'],
    ],
    [
      'a slip in a name',
      { windw: 'fixed' },
      [/^Expected `world\.switches` to have no fields but window, .*, got "windw"; did you mean window\?$/],
    ],
    [
      'a text for a number',
      { burstInterval: '5000' },
      ['Expected `world.switches.burstInterval` to be a whole number > 0 and <= 86400000, got "5000"'],
    ],
    [
      'nothing, which would hide the default',
      { window: undefined },
      ['Expected `world.switches.window` to be one of sliding, fixed, bucket, anchored, got undefined'],
    ],
    ['a name of the prototype', { toString: 1 }, [/got "toString"$/]],
    ['no switches', 7, ['Expected `world.switches` to be an object, got 7']],
  ])('have %s', (_what, switches, expected) => {
    expect(problems({ switches })).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    )
  })
})

test.prop([fc.anything(), fc.string()])('anything at all is judged, and nothing throws', (value, name) => {
  expect(worldProblems(value, 'world', name).length).toBeGreaterThan(0)
})

const field = fc.constantFrom('profile', 'accounts', 'gateways', 'events', 'switches')
test.prop([field, fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true })])(
  'garbage in a field is a problem of that field',
  (name, value) => {
    const found = problems({ [name]: value })
    const harmless = value === undefined || (Array.isArray(value) && value.length === 0)
    if (
      !harmless &&
      !(name === 'switches' && typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    )
      expect(found.some((problem) => problem.includes(`\`world.${name}`))).toBe(true)
  },
)
