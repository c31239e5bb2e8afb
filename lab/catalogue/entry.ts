import type { Strategy } from '../../src/core/strategy.ts'
import type { ClientKnowledge } from './client-knowledge.ts'

/** The quota that a strategy uses: that of each account for each model. `text` is how a report names it. */
export interface QuotaUse {
  readonly text: string
  readonly accounts: readonly string[]
  readonly models: readonly string[]
  /** Whether it also sends where there are no limits. Its optimum is then that of a provider without limits. Default: it does not. */
  readonly beyondLimits?: boolean
}

/** What an option may be when it is given by its name: a number, true or false, or a text. */
export type OptionKind = 'number' | 'flag' | 'text'

/** The values of options that were given by their names. */
export type NamedOptions = Readonly<Record<string, number | boolean | string>>

/** How a strategy of a study is built, and what a report states about it. */
export interface CatalogueEntry {
  readonly about: string
  readonly solution?: number
  readonly terms?: string
  /** The options of the strategy that can be given by name, as in `retry-full:attempts=5`. */
  readonly options: Readonly<Record<string, OptionKind>>
  /** Builds the strategy. An option in `given` replaces the one that the entry would use. */
  build(knowledge: ClientKnowledge, given: NamedOptions): Strategy
  quotaUse?(knowledge: ClientKnowledge): QuotaUse
}

type KindOf<T> = T extends number ? 'number' : T extends boolean ? 'flag' : 'text'
/** The kind of each option of a factory: none may be left out, and each must fit its type. */
type OptionKinds<O> = { readonly [K in keyof Required<O>]: KindOf<NonNullable<O[K]>> }

/** An entry of the catalogue whose strategy takes the options `O`. The types hold that `options` lists all of them. */
export interface TypedEntry<O> extends Omit<CatalogueEntry, 'options' | 'build'> {
  readonly options: OptionKinds<O>
  build(knowledge: ClientKnowledge, given: Partial<O>): Strategy
}

/** The types of a row are exact; those of the table are the same for every row, because names and values come from a user's text. */
export function row<O>(entry: TypedEntry<O>): CatalogueEntry {
  return entry as unknown as CatalogueEntry
}
