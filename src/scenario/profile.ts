import { numberSchema } from '../checks/schema.ts'
import {
  about,
  byName,
  list,
  named,
  number,
  object,
  oneOf,
  type Shape,
  shapeOf,
  type TypeOf,
  text,
} from '../checks/shape.ts'
import { limitsShape } from './accounts.ts'

const confidence = oneOf(['H', 'M', 'L'])

/** How certain a fact is. H: documented, or captured twice. M: captured once, or a strong inference. L: one claim of a third party. */
export type Confidence = TypeOf<typeof confidence>

/** A price beyond this is a mistake, and the bill of a long run would no longer be a number. */
const price = number({ atLeast: 0, atMost: 1_000_000_000 })

const longestPrompt: Shape<number> = shapeOf(
  (field, value) => (value === Infinity ? [] : number({ above: 0 })(field, value)),
  () => numberSchema({ above: 0 }),
)

const tier = object({
  upTo: about(
    longestPrompt,
    'The longest prompt of the tier, in tokens. In a module, Infinity means that it has no longest prompt.',
  ),
  input: about(price, 'The price of a million prompt tokens.'),
  output: about(price, 'The price of a million output tokens.'),
})

/** A price for prompts of a certain length. All tokens of a request have the price of its prompt's tier. Prices are per million tokens. */
export type PriceTier = TypeOf<typeof tier>

const tierList = list(named('PriceTier', tier), 1)

/** Price tiers, those of shorter prompts first. JSON Schema cannot express the order. */
const tiersShape: Shape<readonly PriceTier[]> = shapeOf((field, value) => {
  const problems = tierList(field, value)
  return problems.length > 0 ? problems : orderProblems(field, value as readonly PriceTier[])
}, tierList.schema)

function orderProblems(field: string, tiers: readonly PriceTier[]): string[] {
  return tiers.slice(1).flatMap(({ upTo }, i) => {
    const before = tiers[i]!.upTo
    if (upTo > before) return []
    const [own, other] = [`\`${field}[${i + 1}].upTo\``, `\`${field}[${i}].upTo\``]
    return [`Expected ${own} to be greater than ${other}, got ${upTo} after ${before}`]
  })
}

const modelRow = object({
  limits: about(
    limitsShape,
    'The limits that are enforced: those with shorter windows first, those of requests before those of tokens. An empty list means no limit.',
  ),
  prices: about(
    tiersShape,
    'The price tiers, those of shorter prompts first. The real service refuses a prompt beyond the last tier; here it has the price of that tier.',
  ),
  freeTokens: about(number({ atLeast: 0, whole: true }), 'The tokens that a new account may use without a bill.'),
  source: about(text, 'Where the numbers come from.'),
  confidence: about(
    confidence,
    'The confidence of the least certain number in the row; `source` says which number that is.',
  ),
})

/** What a profile knows of one model. */
export type ModelRow = TypeOf<typeof modelRow>

const models = byName(text, named('ModelRow', modelRow))

const someModels: Shape<Readonly<Record<string, ModelRow>>> = shapeOf(
  (field, value) => {
    const problems = models(field, value)
    if (problems.length > 0 || Object.keys(value as object).length > 0) return problems
    return [`Expected \`${field}\` to have at least one model, got none`]
  },
  (refer) => ({ ...models.schema(refer), minProperties: 1 }),
)

/** The shape of a profile that is not built in. */
export const profileShape = object({
  name: about(text, 'The name, which reports show.'),
  title: about(text, 'The name for people.'),
  currency: about(oneOf(['USD', 'CNY']), 'The currency of all prices.'),
  spelling: about(
    oneOf(['article', 'dashscope']),
    'The spelling of error bodies: as the article prints them, or as they were captured from the service.',
  ),
  docs: about(text, 'The page that error messages link to.'),
  models: about(someModels, 'The models, by name.'),
})

/** The limits, prices and spellings of one region, or of a user's own account. */
export type Profile = TypeOf<typeof profileShape>
