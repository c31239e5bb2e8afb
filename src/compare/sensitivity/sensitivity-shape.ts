import {
  about,
  anyText,
  byName,
  type Check,
  type Checks,
  flag,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  text,
} from '../../checks/shape.ts'
import { show } from '../../core/expect.ts'
import type { SwitchValue } from '../../scenario/switch-table.ts'
import type { FailedStrategy, StudyFacts } from '../raw-result.ts'
import type { ConclusionChange } from './changes.ts'
import { conclusionKinds, conclusionMetrics, type StudyConclusion } from './conclusions.ts'
import type { AlternativeResult, Sensitivity, TriedFacts } from './sensitivity.ts'

/** The name of the format. The number changes when the format changes. */
export const sensitivityFormat = 'ratelab.sensitivity/1'

const anyNumber = number({})
const valueSchemas = [anyText, anyNumber, flag]
const switchValue: Shape<SwitchValue> = shapeOf(
  (field, value) =>
    ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)
      ? []
      : [`Expected \`${field}\` to be a text, a number, true or false, got ${show(value)}`],
  (refer) => ({ anyOf: valueSchemas.map(({ schema }) => schema(refer)) }),
)

const figures = list(anyNumber)

const conclusionFields = {
  case: about(text, 'The name of the case.'),
  kind: about(
    oneOf(conclusionKinds),
    'lead: these strategies are best by the metric that ranks the case. answers: this strategy answers nearly every call (>= 99 %), hardly any (< 10 %) or a part of the calls. order: the first strategy is better by that metric than the second.',
  ),
  strategies: about(list(text, 1), 'The ids of the strategies that the conclusion is about.'),
  metric: about(
    oneOf(conclusionMetrics),
    'What the figures are: success, the share of answered calls, when the kind is answers; otherwise the metric that ranks the case, efficiency, a share of the calls that are reachable, or excessWait, in milliseconds.',
  ),
  figures: about(figures, 'The figure of each of these strategies, a median over the seeds.'),
} satisfies Checks<StudyConclusion>

/** The same shape for a value that also has a figure in each of these lists for each of its strategies. */
function withFigures<T>(shape: Shape<T>, lists: readonly string[]): Shape<T> {
  const check: Check = (field, value) => {
    const problems = shape(field, value)
    if (problems.length > 0 || !isObject(value)) return problems
    const lengthOf = (name: string) => (value[name] as readonly unknown[]).length
    const wanted = lengthOf('strategies')
    return lists
      .filter((name) => lengthOf(name) !== wanted)
      .map(
        (name) =>
          `Expected \`${field}.${name}\` to have a figure for each of ${wanted} strategies, got ${lengthOf(name)}`,
      )
  }
  return shapeOf(check, shape.schema)
}

const change = object({
  ...conclusionFields,
  outcome: about(
    oneOf(['flips', 'weakens']),
    'flips: the study under the alternative tells the opposite. weakens: it neither confirms the conclusion nor tells the opposite.',
  ),
  under: about(figures, 'The figures of the same strategies under the alternative.'),
  leaders: about(optional(list(text)), 'Who leads under the alternative, when the kind is lead.'),
} satisfies Checks<ConclusionChange>)

const failed = about(
  optional(list(object({ id: text, message: text } satisfies Checks<FailedStrategy>), 1)),
  'The strategies that failed. Nothing is said of their conclusions.',
)

const alternative = object({
  switch: about(text, 'The name of the switch.'),
  value: about(switchValue, 'The value that the switch has in place of its own.'),
  changes: about(
    list(withFigures(change, ['figures', 'under'])),
    'The conclusions that the alternative flips or weakens. A conclusion that is not listed holds.',
  ),
  failed,
} satisfies Checks<AlternativeResult>)

const tried = object({
  scenario: object({
    name: text,
    given: optional(text),
    title: text,
    question: text,
    model: text,
  } satisfies Checks<StudyFacts['scenario']>),
  profile: object({ name: text, title: text, currency: text } satisfies Checks<StudyFacts['profile']>),
  switches: about(byName(text, switchValue), 'The value of every switch in the study itself.'),
  changed: about(list(text), 'The options of `ratelab sensitivity` that differ from their defaults.'),
  seeds: about(list(number({ atLeast: 0, whole: true }), 1), 'The seeds of the study and of every alternative.'),
  failed,
  cases: about(list(object({ name: text, title: text })), 'The names and the titles of the cases.'),
} satisfies Checks<TriedFacts>)

const wholeFile = object({
  schema: about(oneOf([sensitivityFormat]), 'The format and its version.'),
  study: about(tried, 'The study whose conclusions were tried.'),
  conclusions: about(
    list(withFigures(object(conclusionFields), ['figures'])),
    'What the study concludes, in the order of the cases.',
  ),
  alternatives: about(
    list(alternative),
    'What each other value of a switch changes, in the order of the switches and of their values.',
  ),
} satisfies Checks<Sensitivity & { schema: string }>)

/** The shape of `sensitivity.json`. Whether its conclusions are those of a result is checked by `isOf`. */
export const sensitivityShape: Shape<unknown> = shapeOf((field, value) => {
  const problems = wholeFile(field, value)
  return problems.length > 0 ? problems : switchProblems(value as Sensitivity)
}, wholeFile.schema)

function switchProblems({ study, alternatives }: Sensitivity): string[] {
  return alternatives.flatMap((each, i) => oneOf(Object.keys(study.switches))(`alternatives[${i}].switch`, each.switch))
}
