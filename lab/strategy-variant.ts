import { didYouMean } from '../src/checks/did-you-mean.ts'
import { show } from '../src/core/expect.ts'
import { entryNamed, strategyNames } from './catalogue/catalogue.ts'
import type { CatalogueEntry, NamedOptions, OptionKind } from './catalogue/entry.ts'

/** A strategy of the catalogue with options by name, such as `retry-full:attempts=5,base=500`. */
export interface StrategyVariant {
  /** The variant as reports call it: its options have the order of the catalogue, and its numbers one spelling. */
  readonly id: string
  readonly entry: CatalogueEntry
  readonly given: NamedOptions
}

/** The text of a variant, in its parts. */
interface Parts {
  readonly name: string
  /** The options as they were typed: name and value. The value is undefined where there is no `=`. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[]
}

/** How an option of each kind is read. A text that is no value of its kind is read as undefined. */
const readers: Readonly<
  Record<OptionKind, { readonly words: string; read(typed: string): number | boolean | string | undefined }>
> = {
  number: {
    words: 'a number',
    read: (typed) => (typed !== '' && Number.isFinite(Number(typed)) ? Number(typed) : undefined),
  },
  flag: { words: 'true or false', read: (typed) => ({ true: true, false: false })[typed] },
  text: { words: 'a text that is not empty', read: (typed) => (typed === '' ? undefined : typed) },
}

/** Returns the variant that a text without problems spells. */
export function variantOf(text: string): StrategyVariant {
  const { name, options } = partsOf(text)
  const entry = entryNamed(name)
  const typed = new Map(options)
  const given = Object.fromEntries(
    Object.entries(entry.options).flatMap(([option, kind]) => {
      const value = readers[kind].read(typed.get(option) ?? '')
      return value === undefined ? [] : [[option, value]]
    }),
  )
  return { id: `${name}:${spelled(given)}`, entry, given }
}

/** Returns every problem with the text of a variant, except for values that only the strategy can check. */
export function variantProblems(field: string, text: string): string[] {
  const { name, options } = partsOf(text)
  const where = `\`${field}\``
  if (!strategyNames.includes(name))
    return [
      `Expected ${where} to start with one of ${strategyNames.join(', ')}, got ${show(text)}${didYouMean(name, strategyNames)}`,
    ]
  const kinds = entryNamed(name).options
  const known = Object.keys(kinds)
  const optionsOf =
    known.length === 0 ? `${name} without options, since it has none` : `${name} with the options ${known.join(', ')}`
  return options.flatMap(([option, value], i) => {
    if (!known.includes(option))
      return [`Expected ${where} to be ${optionsOf}, got ${show(option)} in ${show(text)}${didYouMean(option, known)}`]
    if (options.findIndex(([other]) => other === option) < i)
      return [`Expected ${where} to give each option once, got ${show(option)} twice in ${show(text)}`]
    const { words, read } = readers[kinds[option]!]
    if (value !== undefined && read(value) !== undefined) return []
    return [`Expected \`${option}\` of ${where} to be ${words}, got ${show(value ?? '')} in ${show(text)}`]
  })
}

function partsOf(text: string): Parts {
  const colon = text.indexOf(':')
  const options = text
    .slice(colon + 1)
    .split(',')
    .map((part) => {
      const [option, ...value] = part.split('=')
      return [option!.trim(), value.length === 0 ? undefined : value.join('=').trim()] as const
    })
  return { name: text.slice(0, colon).trim(), options }
}

function spelled(given: NamedOptions): string {
  return Object.entries(given)
    .map(([option, value]) => `${option}=${value}`)
    .join(',')
}
