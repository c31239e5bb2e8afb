import type { InputError } from '../../src/checks/input-error.ts'
import type { Fields } from '../../src/checks/shape.ts'
import type { Cell, StudyFacts } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { cellShape, failureShape } from './cell-shape.ts'
import { dealtTo, isDealtTo, type Shard, shardText, wholeStudy } from './shard.ts'
import type { StrategyFailure } from './strategy-failures.ts'

/** Returns the error for a problem with a file of cells. Its message names the file, the line and the remedy. */
export type ErrorFor = (problem: string) => InputError

/** Throws an error with the first of these problems and the number of the others. */
export function expectNoProblems(problems: readonly string[], errorFor: ErrorFor): void {
  const [first, ...others] = problems
  if (first !== undefined) throw errorFor(others.length === 0 ? first : `${first} (and ${others.length} more)`)
}

/** Collects the cells of one study, or of one shard of it. They may be added in any order. */
export class CellTable {
  readonly study: StudyFacts
  readonly #shard: Shard
  /** The cells that were added, with their lines in the file, by their index in the order of the study. */
  readonly #cells = new Map<number, { readonly cell: Cell; readonly line: number }>()
  readonly #seedIndexes: ReadonlyMap<number, number>
  /** The strategies that failed. Their cells may be missing. */
  readonly #failures = new Map<string, StrategyFailure>()
  /** For each case, the index of its first cell, and the index of each strategy among its contestants. */
  readonly #cases = new Map<string, { readonly firstCell: number; readonly strategies: ReadonlyMap<string, number> }>()
  /** The number of cells of the complete study or shard. It is computed, because a hostile header can promise more than fit in memory. */
  #expectedCount: number

  /** `shard` is the shard whose cells the table takes. Default: the whole study. */
  constructor(study: StudyFacts, shard = wholeStudy) {
    this.study = study
    this.#shard = shard
    this.#seedIndexes = new Map(study.seeds.map((seed, i) => [seed, i]))
    let firstCell = 0
    for (const { name, contestants } of study.cases) {
      this.#cases.set(name, { firstCell, strategies: new Map(contestants.map(({ id }, i) => [id, i])) })
      firstCell += contestants.length * study.seeds.length
    }
    this.#expectedCount = dealtTo(shard, firstCell)
  }

  /** Checks the fields of a line and adds its cell. Throws when they are not a cell of the study, or when it was added before. */
  add(fields: Fields, line: number, errorFor: ErrorFor): void {
    expectNoProblems(cellShape('cell', fields), errorFor)
    const cell = withNumbers(fields as unknown as Cell)
    const index = this.#indexOf(cell, errorFor)
    if (this.#failures.has(cell.strategy)) throw errorFor(hasFailed(cell.strategy))
    const earlier = this.#cells.get(index)
    if (earlier)
      throw errorFor(
        `Expected each cell once, got the ${nameOf(cell)} a second time; line ${earlier.line} already has it`,
      )
    this.#cells.set(index, { cell, line })
  }

  /** Checks the fields of a line and adds its strategy that failed. Throws when it has cells, and as `add` does. */
  addFailure(fields: Fields, errorFor: ErrorFor): void {
    expectNoProblems(failureShape('failed', fields), errorFor)
    const failure = fields as unknown as StrategyFailure
    const { strategy, seed } = failure
    const isFirstSeed = this.#seedIndexes.get(seed) === 0
    this.#indexOf({ ...failure, ...(isFirstSeed && { series: true }) }, errorFor)
    if (this.#failures.has(strategy))
      throw errorFor(`Expected each strategy that failed once, got ${strategy} a second time`)
    if ([...this.#cells.values()].some(({ cell }) => cell.strategy === strategy)) throw errorFor(hasFailed(strategy))
    this.#failures.set(strategy, failure)
    this.#expectedCount -= this.#countOf(strategy)
  }

  /** The number of cells of a strategy that the shard has. */
  #countOf(strategy: string): number {
    const seeds = this.#seedIndexes.size
    return [...this.#cases.values()].reduce((count, { firstCell, strategies }) => {
      const place = strategies.get(strategy)
      if (place === undefined) return count
      const before = firstCell + place * seeds
      return count + dealtTo(this.#shard, before + seeds) - dealtTo(this.#shard, before)
    }, 0)
  }

  /** The strategies that failed. */
  get failures(): readonly StrategyFailure[] {
    return [...this.#failures.values()]
  }

  #indexOf(
    { case: name, strategy, seed, series }: Pick<Cell, 'case' | 'strategy' | 'seed'> & { readonly series?: unknown },
    errorFor: ErrorFor,
  ): number {
    const own = this.#cases.get(name)
    if (!own) throw errorFor(`Expected \`cell.case\` to be a case of the study, got ${show(name)}`)
    const strategyIndex = own.strategies.get(strategy)
    if (strategyIndex === undefined)
      throw errorFor(`Expected \`cell.strategy\` to be a contestant of ${name}, got ${show(strategy)}`)
    const seedIndex = this.#seedIndexes.get(seed)
    if (seedIndex === undefined) throw errorFor(`Expected \`cell.seed\` to be a seed of the study, got ${seed}`)
    if (seedIndex === 0 && !series)
      throw errorFor("Expected `cell.series` in every cell of the study's first seed, got none")
    if (seedIndex > 0 && series)
      throw errorFor(
        `Expected \`cell.series\` only in cells of the study's first seed, got it in a cell of seed ${seed}`,
      )
    if (!isDealtTo(this.#shard, own.firstCell + strategyIndex * this.#seedIndexes.size + seedIndex))
      throw errorFor(
        `Expected only cells of shard ${shardText(this.#shard)}, got the ${nameOf({ case: name, strategy, seed })}`,
      )
    return own.firstCell + seedIndex * own.strategies.size + strategyIndex
  }

  /** Returns all cells in the order of the study. Throws when one is missing. */
  cells(errorFor: ErrorFor): Cell[] {
    const { size } = this.#cells
    if (size === this.#expectedCount) return this.found()
    const whose =
      this.#shard.count > 1 ? ` of shard ${shardText(this.#shard)}` : ', one for each case, seed and strategy'
    const expected = `Expected ${this.#expectedCount} cells${whose}, got ${size}`
    throw errorFor(`${expected}; the first missing one is the ${this.#firstMissing()}`)
  }

  /** Returns the cells that were added, in the order of the study. */
  found(): Cell[] {
    return [...this.#cells.entries()].sort(([a], [b]) => a - b).map(([, { cell }]) => cell)
  }

  #firstMissing(): string | undefined {
    const { cases, seeds } = this.study
    for (const { name, contestants } of cases) {
      const { firstCell } = this.#cases.get(name)!
      for (const [i, seed] of seeds.entries())
        for (const [k, { id }] of contestants.entries()) {
          const isOwn = isDealtTo(this.#shard, firstCell + k * seeds.length + i)
          if (isOwn && !this.#failures.has(id) && !this.#cells.has(firstCell + i * contestants.length + k))
            return nameOf({ case: name, strategy: id, seed })
        }
    }
    return undefined
  }
}

function hasFailed(strategy: string): string {
  return `Expected no cells of the strategy ${strategy}, which failed`
}

function nameOf({ case: name, strategy, seed }: Pick<Cell, 'case' | 'strategy' | 'seed'>): string {
  return `cell of case ${name}, strategy ${strategy}, seed ${seed}`
}

/** Returns the cell with numbers in place of the texts "Infinity" and "NaN". */
function withNumbers(cell: Cell): Cell {
  const { summary, optimum, series } = cell
  const tenants = summary.tenants?.map(({ name, ...figures }) => ({ name, ...numbersOf(figures) }))
  return {
    ...cell,
    summary: { ...summary, metrics: numbersOf(summary.metrics), ...(tenants && { tenants }) },
    optimum: numbersOf(optimum),
    ...(series && {
      series: {
        ...series,
        waitQuantiles: series.waitQuantiles.map(Number),
        reachableWaitQuantiles: series.reachableWaitQuantiles.map(Number),
      },
    }),
  }
}

function numbersOf<T extends object>(figures: T): T {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value)])) as T
}
