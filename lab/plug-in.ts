import { statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { InputError, inputErrorOf } from '../src/checks/input-error.ts'
import { type Check, distinct, isObject, list, text } from '../src/checks/shape.ts'
import { show } from '../src/core/expect.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import type { ClientKnowledge } from './client-knowledge.ts'
import { loadFault } from './load-fault.ts'
import { importUserFile } from './loaded-files.ts'

/**
 * The default export of a plug-in, which is a file that `--strategies` names by its path: a strategy, or a function that makes one from
 * what a client may know. The function is called once for each run, and must make the same strategy from the same knowledge.
 */
export type StrategyPlugin = OwnStrategy | ((knowledge: ClientKnowledge) => OwnStrategy)

/** A plug-in that is loaded. */
export interface PlugIn {
  /** The name of the file without its ending. Reports call the strategy by it. */
  readonly name: string
  /** The path of the file. */
  readonly file: string
  /** Returns the strategy for this client. Throws an `InputError` that names the file when the plug-in throws, or makes no strategy. */
  strategyFor(knowledge: ClientKnowledge): OwnStrategy
}

/** The endings of files that Node loads as a module. */
const endings = ['.ts', '.js', '.mts', '.mjs']

/** Loads the plug-in at this path. Rejects with an `InputError` that names the file and, where it is known, the line. */
export async function loadPlugIn(path: string): Promise<PlugIn> {
  expectFile(path)
  const exported = await defaultExportOf(path)
  if (typeof exported !== 'function') expectStrategy(path, exported)
  return {
    name: basename(path, extname(path)),
    file: path,
    strategyFor: (knowledge) =>
      typeof exported === 'function'
        ? strategyMadeBy(path, exported as (given: unknown) => unknown, knowledge)
        : exported,
  }
}

/** Returns the problems of a strategy that is not from the catalogue. */
export const ownStrategyProblems: Check = (field, value) => {
  if (!isObject(value) || typeof value.wrap !== 'function')
    return [`Expected \`${field}\` to be a strategy (name and wrap), got ${show(value)}`]
  const names = distinct(list(text, 1))
  return [
    ...text(`${field}.name`, value.name),
    ...(value.about === undefined ? [] : text(`${field}.about`, value.about)),
    ...(value.accounts === undefined ? [] : names(`${field}.accounts`, value.accounts)),
    ...(value.models === undefined ? [] : names(`${field}.models`, value.models)),
  ]
}

function expectFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  const fault = !found
    ? 'there is no such file'
    : !found.isFile()
      ? 'it is a folder'
      : endings.includes(extname(path))
        ? undefined
        : `its name does not end with ${endings.join(', ')}`
  if (fault !== undefined)
    throw new InputError(`Expected the path of a plug-in, got ${show(path)}: ${fault}`, 'STRATEGY_UNKNOWN')
}

async function defaultExportOf(path: string): Promise<unknown> {
  const module = await importUserFile(path).catch((error) => {
    throw new InputError(
      `Expected ${path} to load as a plug-in, but it throws: ${loadFault(path, error)}`,
      'STRATEGY_INVALID',
    )
  })
  if (module.default !== undefined) return module.default
  throw new InputError(
    `Expected ${path} to have a default export (\`export default { name, wrap } satisfies StrategyPlugin\`), got none`,
    'STRATEGY_INVALID',
  )
}

function strategyMadeBy(path: string, make: (given: unknown) => unknown, knowledge: ClientKnowledge): OwnStrategy {
  let made: unknown
  try {
    // It is a copy, so that a plug-in cannot change the world of the other strategies.
    made = make(structuredClone(knowledge))
  } catch (error) {
    throw new InputError(
      `Expected ${path} to make a strategy, but it throws: ${loadFault(path, error)}`,
      'STRATEGY_INVALID',
    )
  }
  expectStrategy(path, made)
  return made
}

function expectStrategy(path: string, value: unknown): asserts value is OwnStrategy {
  let problems: readonly string[]
  try {
    problems = ownStrategyProblems('strategy', value)
  } catch (error) {
    // A getter of the strategy may throw.
    problems = [`Expected the strategy to be readable, but it throws: ${loadFault(path, error)}`]
  }
  if (problems.length > 0)
    throw inputErrorOf(
      problems.map((problem) => `${problem} (in ${path})`),
      'STRATEGY_INVALID',
    )
}
