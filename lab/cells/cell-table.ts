import type { InputError } from '../../src/checks/input-error.ts'
import type { Fields } from '../../src/checks/shape.ts'
import type { Cell, StudyFacts } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { cellShape } from './cell-shape.ts'

/** The error that says what is wrong with a file of cells, and where. */
export type ErrorFor = (problem: string) => InputError

export function expectNone(problems: readonly string[], errorFor: ErrorFor): void {
  const [first, ...others] = problems
  if (first !== undefined) throw errorFor(others.length === 0 ? first : `${first} (and ${others.length} more)`)
}

/** The cells of a study, each in its place. */
export class CellTable {
  readonly study: StudyFacts
  /** By its place in the order of the study; with the line in which it stands. */
  readonly #found = new Map<number, { readonly cell: Cell; readonly line: number }>()
  readonly #seeds: ReadonlyMap<number, number>
  readonly #cases = new Map<string, { readonly first: number; readonly places: ReadonlyMap<string, number> }>()
  /** How many there are when all are there. */
  readonly #all: number

  constructor(study: StudyFacts) {
    this.study = study
    this.#seeds = new Map(study.seeds.map((seed, i) => [seed, i]))
    let first = 0
    for (const { name, contestants } of study.cases) {
      this.#cases.set(name, { first, places: new Map(contestants.map(({ id }, i) => [id, i])) })
      first += contestants.length * study.seeds.length
    }
    this.#all = first
  }

  take(fields: Fields, line: number, errorFor: ErrorFor): void {
    expectNone(cellShape('cell', fields), errorFor)
    const cell = withNumbers(fields as unknown as Cell)
    const place = this.#placeOf(cell, errorFor)
    const earlier = this.#found.get(place)
    if (earlier) throw errorFor(`Expected each cell once, got the ${nameOf(cell)} of line ${earlier.line} again`)
    this.#found.set(place, { cell, line })
  }

  #placeOf({ case: name, strategy, seed, series }: Cell, errorFor: ErrorFor): number {
    const own = this.#cases.get(name)
    const nth = this.#seeds.get(seed)
    const place = own?.places.get(strategy)
    if (!own) throw errorFor(`Expected \`cell.case\` to be a case of the study, got ${show(name)}`)
    if (place === undefined)
      throw errorFor(`Expected \`cell.strategy\` to be a contestant of ${name}, got ${show(strategy)}`)
    if (nth === undefined) throw errorFor(`Expected \`cell.seed\` to be a seed of the study, got ${seed}`)
    if ((nth === 0) !== (series !== undefined))
      throw errorFor(
        `Expected \`cell.series\` in the cells of the study's first seed alone, got ${nth === 0 ? 'none' : 'one'}`,
      )
    return own.first + nth * own.places.size + place
  }

  /** All of them in the order of the study; some that are missing are an error. */
  cells(errorFor: ErrorFor): Cell[] {
    const { size } = this.#found
    if (size === this.#all) return Array.from({ length: size }, (_, place) => this.#found.get(place)!.cell)
    const expected = `Expected ${this.#all} cells, one for each case, seed and strategy, got ${size}`
    throw errorFor(`${expected}; the first that is missing is the ${this.#firstMissing()}`)
  }

  #firstMissing(): string | undefined {
    let place = 0
    for (const { name, contestants } of this.study.cases)
      for (const seed of this.study.seeds)
        for (const { id } of contestants)
          if (!this.#found.has(place++)) return nameOf({ case: name, strategy: id, seed })
    return undefined
  }
}

function nameOf({ case: name, strategy, seed }: Pick<Cell, 'case' | 'strategy' | 'seed'>): string {
  return `cell of case ${name}, strategy ${strategy}, seed ${seed}`
}

/** Infinity and NaN, which stand as texts, are numbers again. */
function withNumbers(cell: Cell): Cell {
  const { summary, optimum, series } = cell
  return {
    ...cell,
    summary: { ...summary, metrics: numbersOf(summary.metrics) },
    optimum: numbersOf(optimum),
    ...(series && { series: { ...series, waitQuantiles: series.waitQuantiles.map(Number) } }),
  }
}

function numbersOf<T extends object>(figures: T): T {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value)])) as T
}
