import fc from 'fast-check'
import schema from '../../sim/config/serve.schema.json' with { type: 'json' }
import { type MockSetup, mock, virtualClock } from '../../sim/ratelab-mock.ts'
import { knownKey } from './requests.ts'

/** The part of a field's JSON Schema from which its extreme values follow. */
interface NumberOrEnum {
  readonly enum?: readonly unknown[]
  readonly type?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}

/** Bounds of this attack that are lower than the schema's: it sends a million requests, and the attack `work` asks for the longest answers. */
const bounded: Readonly<Record<string, number>> = { answerTokens: 1000, maxTokens: 1000, reasoningShare: 5 }

/** The values at the edge of what a field may have, and its default. */
function edgesOf(name: string, field: NumberOrEnum): readonly unknown[] {
  if (field.enum) return field.enum
  const isWhole = field.type === 'integer'
  const lowest = field.minimum ?? (field.exclusiveMinimum ?? 0) + (isWhole ? 1 : 1e-9)
  const highest = bounded[name] ?? field.maximum ?? 1e15
  return [lowest, field.default, highest, isWhole ? Math.ceil((lowest + highest) / 2) : (lowest + highest) / 2]
}

/** Objects with some of these fields, each at an edge. */
function edges(fields: object): fc.Arbitrary<object> {
  const each = Object.entries(fields).map(([name, field]) => [name, fc.constantFrom(...edgesOf(name, field))] as const)
  return fc.record(Object.fromEntries(each), { requiredKeys: [] })
}

const { Limit, FaultSpec } = schema.$defs
/** The first variant is that of limits in windows of any length. */
const limitFields: Readonly<Record<'limit' | 'window', NumberOrEnum>> = Limit.anyOf[0]!.properties
const models = ['qwen-plus', 'text-embedding-v4', 'qwen-vl-plus', 'qwen-new']
const counts = fc.constantFrom(1, 2, 10, 1000, 1e6, 1e12, limitFields.limit.maximum!)

const limits = fc.dictionary(
  fc.constantFrom(...models),
  fc.array(
    fc.oneof(
      fc.record({ rule: fc.constantFrom('rps', 'tps'), limit: counts, window: fc.constantFrom(1, 7, 1000, 59_999) }),
      fc.record({
        rule: fc.constantFrom('rpm', 'tpm'),
        limit: counts,
        window: fc.constantFrom(60_000, 86_400_000, 31_536_000_000, limitFields.window.maximum!),
      }),
      fc.constantFrom(
        { rule: 'plan-hour', limit: 2, window: 60_001 },
        { rule: 'plan-week', limit: 1, window: 604_800_000 },
        { rule: 'plan-month', limit: 1e12, window: 2_678_400_000, soft: true },
      ),
    ),
    { maxLength: 4 },
  ),
  { maxKeys: 3, noNullPrototype: true },
)

const errors = FaultSpec.properties.do.properties.error.enum
const actions = fc.oneof(
  fc.record({ delay: fc.constantFrom(1, 1000, 86_400_000) }),
  fc.record({ error: fc.constantFrom(...errors), placement: fc.constantFrom('http', 'first-frame', 'mid-stream') }),
  fc.record({ break: fc.constantFrom('before', 'mid-body'), after: fc.constantFrom(0.01, 0.5, 0.99, 1, 1e9) }),
  fc.record({ delay: fc.constantFrom(5), break: fc.constantFrom('before', 'mid-body') }),
)
const times = fc.oneof(
  fc.constant('always'),
  fc.record({ first: fc.constantFrom(1, 50) }),
  fc.record({ every: fc.constantFrom(1, 7) }),
  fc.record({ probability: fc.constantFrom(0, 1e-9, 0.5, 1) }),
)
const faults = fc.array(fc.record({ when: times, do: actions }), { maxLength: 3 })

const accounts = fc.constantFrom(
  ...[{}, { freeTokens: 0, payable: false }, { freeTokens: 500, stopWhenFreeIsUsed: true }, { arrears: true }].map(
    (more) => [{ name: 'main', keys: [knownKey], ...more }],
  ),
)

/** Setups whose fields are at the edges that the published schema states. */
const anySetups = fc.record(
  {
    accounts,
    limits,
    faults,
    switches: edges(schema.properties.switches.properties),
    wire: edges(schema.properties.wire.properties),
  },
  { requiredKeys: ['switches', 'wire'] },
) as fc.Arbitrary<MockSetup>

/** Setups that a mock takes. The check refuses some combinations of values each of which is right. */
export const extremeSettings: fc.Arbitrary<MockSetup> = anySetups.filter((setup) => {
  try {
    mock({ ...setup, timeline: virtualClock() })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
})
