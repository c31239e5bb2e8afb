import { stat } from 'node:fs/promises'
import { readCells } from '../../lab/cells/read-cells.ts'
import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { ComparedResult } from '../../src/compare/matched-runs.ts'
import type { RawResult } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { cellsIn } from '../report/command.ts'

/** A result to compare the others with, and one of these others. */
export type ComparedPair = readonly [before: ComparedResult, after: ComparedResult]

/**
 * Reads the results that the arguments name: a folder of `ratelab run` or a file of cells, with `:strategy` behind it to choose one
 * strategy. The first result is compared with each other one. With a single result, its first strategy of `strategies` is compared with
 * each other one. Throws an `InputError` when something is not there.
 */
export async function comparedPairs(
  typed: readonly string[],
  strategies: readonly string[] = [],
): Promise<ComparedPair[]> {
  const named = await Promise.all(typed.map(placeOf))
  const read = new Map<string, Promise<RawResult>>()
  const results = await Promise.all(
    named.map(async ({ path, strategy }, i): Promise<ComparedResult> => {
      const reading = read.get(path) ?? readResult(path)
      read.set(path, reading)
      const result = await reading
      if (strategy !== undefined) expectStrategy(strategy, [result], typed[i]!)
      return { label: typed[i]!, result, ...(strategy !== undefined && { strategy }) }
    }),
  )
  const [first, ...others] = results
  if (strategies.length > 0 && results.some(({ strategy }) => strategy !== undefined))
    throw new InputError('Expected either `--strategies` or a strategy behind each folder, got both')
  for (const id of strategies)
    expectStrategy(
      id,
      results.map(({ result }) => result),
      '--strategies',
    )
  if (others.length > 0) return others.map((other) => withBothStrategies(first!, other))
  if (first!.strategy !== undefined || strategies.length < 2)
    throw new InputError(
      `Expected a second result, or two strategies of one result as in \`ratelab compare ${typed[0]} --strategies a,b\`, got only ${show(typed[0])}`,
    )
  const side = (strategy: string): ComparedResult => ({ ...first!, label: strategy, strategy })
  return strategies.slice(1).map((strategy) => [side(strategies[0]!), side(strategy)])
}

/** A strategy that is chosen on one side is meant on the other side too, unless that side has its own. */
function withBothStrategies(before: ComparedResult, after: ComparedResult): ComparedPair {
  const [ofBefore, ofAfter] = [before.strategy ?? after.strategy, after.strategy ?? before.strategy]
  if (ofBefore === undefined || ofAfter === undefined) return [before, after]
  expectStrategy(ofBefore, [before.result], before.label)
  expectStrategy(ofAfter, [after.result], after.label)
  return [
    { ...before, strategy: ofBefore },
    { ...after, strategy: ofAfter },
  ]
}

function expectStrategy(id: string, results: readonly RawResult[], place: string): void {
  const known = new Set(
    results.flatMap(({ study }) => study.cases.flatMap((each) => each.contestants.map((c) => c.id))),
  )
  if (known.has(id)) return
  const failure = results.flatMap(({ study }) => study.failed ?? []).find((each) => each.id === id)
  if (failure)
    throw new InputError(
      `Expected \`${place}\` to name a strategy that has figures, but ${id} failed: ${failure.message}`,
    )
  const names = [...known].join(', ')
  throw new InputError(
    `Expected \`${place}\` to name a strategy that took part (${names}), got ${show(id)}${didYouMean(id, [...known])}`,
  )
}

/** Splits `folder:strategy`. The strategy begins behind the first colon before which there is a folder or a file. */
async function placeOf(typed: string): Promise<{ readonly path: string; readonly strategy?: string }> {
  if (await exists(typed)) return { path: typed }
  for (let at = typed.indexOf(':'); at >= 0; at = typed.indexOf(':', at + 1)) {
    const [path, strategy] = [typed.slice(0, at), typed.slice(at + 1)]
    if (path !== '' && strategy !== '' && (await exists(path))) return { path, strategy }
  }
  return { path: typed }
}

/** Reads the cells of a folder, or a file of cells. */
export async function readResult(path: string): Promise<RawResult> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (isFile && path.endsWith('.json'))
    throw new InputError(
      `Expected a folder of \`ratelab run\` or its cells.jsonl, got ${path}: a report has only means, and a comparison needs the cells. Run the scenario again with \`ratelab run\`, which writes them`,
      'CELLS_NOT_FOUND',
    )
  return readCells(isFile ? path : await cellsIn(path))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
