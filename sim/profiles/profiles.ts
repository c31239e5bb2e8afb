import { OptionError } from '../../src/core/expect.ts'
import { article } from './article.ts'
import { cnBeijing } from './cn-beijing.ts'
import { intl } from './intl.ts'
import type { Profile } from './profile.ts'

/** The built-in profiles, by name. */
export const profiles: Readonly<Record<string, Profile>> = {
  [article.name]: article,
  [intl.name]: intl,
  [cnBeijing.name]: cnBeijing,
}

/** Returns a profile by its name. Throws an `OptionError` that lists all names when there is no such profile. */
export function profileNamed(name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  const names = Object.keys(profiles).join(', ')
  throw new OptionError(`Expected \`profile\` to be one of ${names}, got ${JSON.stringify(name)}`)
}
