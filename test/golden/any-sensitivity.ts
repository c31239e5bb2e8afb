import { fc } from '@fast-check/vitest'
import { concluded } from '../../src/compare/sensitivity/changes.ts'
import { alternativeResult, type Sensitivity, triedFacts } from '../../src/compare/sensitivity/sensitivity.ts'
import { anyFigures } from '../src/compare/sensitivity/figure-model.ts'
import { anyStudy } from './any-study.ts'

const anyAlternative = fc.record({
  switch: fc.constantFrom('window', 'rejectsCount', 'burstInterval'),
  value: fc.oneof(
    fc.boolean(),
    fc.constantFrom('fixed', 'a|b\n`c`'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
})

/** Sensitivities with any texts of strangers, and with any conclusions that change. */
export const anySensitivity: fc.Arbitrary<Sensitivity> = fc
  .tuple(
    fc.oneof(
      anyStudy,
      anyFigures.map(({ result }) => result),
    ),
    fc.array(fc.tuple(anyAlternative, anyFigures), { maxLength: 3 }),
  )
  .map(([study, alternatives]) => {
    const tried = concluded(study)
    return {
      study: triedFacts(study.study),
      conclusions: tried.conclusions,
      alternatives: alternatives.map(([alternative, figures]) => alternativeResult(tried, alternative, figures.result)),
    }
  })
