import { isObject, named, oneOf, type Shape, shapeOf } from '../../src/checks/shape.ts'
import { OptionError, show } from '../../src/core/expect.ts'
import { type Profile, profileShape } from '../../src/scenario/profile.ts'
import { article } from './article.ts'
import { cnBeijing } from './cn-beijing.ts'
import { intl } from './intl.ts'

/** The built-in profiles, by name. */
export const profiles: Readonly<Record<string, Profile>> = {
  [article.name]: article,
  [intl.name]: intl,
  [cnBeijing.name]: cnBeijing,
}

/** Returns a profile that is given itself or by its name. Throws an `OptionError` that lists all names when there is no such profile. */
export function profileOf(given: string | Profile): Profile {
  if (typeof given !== 'string') return given
  const profile = Object.hasOwn(profiles, given) ? profiles[given] : undefined
  if (profile) return profile
  throw new OptionError(builtIn('profile', given).join('\n'))
}

const builtIn = oneOf(Object.keys(profiles))
const own = named('Profile', profileShape)

/** The shape of a profile that is not built in. Its name differs from those of the built-in ones, so that a report cannot mean both. */
const ownProfile: Shape<Profile> = shapeOf((field, value) => {
  const problems = profileShape(field, value)
  const { name } = isObject(value) ? value : {}
  if (typeof name !== 'string' || !Object.hasOwn(profiles, name)) return problems
  return [
    ...problems,
    `Expected \`${field}.name\` to differ from the names of the built-in profiles, got ${show(name)}`,
  ]
}, own.schema)

/** The shape of a profile that is given: the name of a built-in one, or a profile itself. */
export const givenProfile: Shape<string | Profile> = shapeOf(
  (field, value) => (isObject(value) ? ownProfile(field, value) : builtIn(field, value)),
  (refer) => ({ anyOf: [builtIn.schema(refer), ownProfile.schema(refer)] }),
)
