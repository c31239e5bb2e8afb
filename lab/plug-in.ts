import { basename, extname } from 'node:path'
import { InputError, inputErrorOf } from '../src/checks/input-error.ts'
import { type Check, distinct, flag, isObject, list, text } from '../src/checks/shape.ts'
import { show } from '../src/core/expect.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import type { ClientKnowledge } from './catalogue/client-knowledge.ts'
import { defaultExportOf, expectModule, type FileKind } from './default-export.ts'
import { loadFault } from './load-fault.ts'

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

const kind: FileKind = {
  noun: 'a plug-in',
  example: '{ name, wrap } satisfies StrategyPlugin',
  notFound: 'STRATEGY_UNKNOWN',
  invalid: 'STRATEGY_INVALID',
}

/** Loads the plug-in at this path. Rejects with an `InputError` that names the file and, where it is known, the line. */
export async function loadPlugIn(path: string): Promise<PlugIn> {
  expectModule(path, kind)
  const { exported } = await defaultExportOf(path, kind)
  const plugIn = { name: basename(path, extname(path)), file: path }
  if (typeof exported === 'function')
    return { ...plugIn, strategyFor: (knowledge) => strategyMadeBy(path, exported as Maker, knowledge) }
  const strategy = strategyIn(path, exported)
  return { ...plugIn, strategyFor: () => strategy }
}

type Maker = (knowledge: ClientKnowledge) => unknown

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
    ...(value.beyondLimits === undefined ? [] : flag(`${field}.beyondLimits`, value.beyondLimits)),
  ]
}

function strategyMadeBy(path: string, make: Maker, knowledge: ClientKnowledge): OwnStrategy {
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
  return strategyIn(path, made)
}

/** Returns a copy of a user's strategy, whose fields are read once: a getter may throw, or give another value each time. */
function strategyIn(path: string, value: unknown): OwnStrategy {
  let problems: readonly string[]
  try {
    problems = ownStrategyProblems('strategy', value)
    if (problems.length === 0) {
      const own = value as OwnStrategy
      const { name, about, accounts, models, beyondLimits } = own
      return {
        name,
        ...(about !== undefined && { about }),
        ...(accounts && { accounts: [...accounts] }),
        ...(models && { models: [...models] }),
        ...(beyondLimits && { beyondLimits }),
        wrap: (next, env) => own.wrap(next, env),
      }
    }
  } catch (error) {
    problems = [`Expected the strategy to be readable, but it throws: ${loadFault(path, error)}`]
  }
  throw inputErrorOf(
    problems.map((problem) => `${problem} (in ${path})`),
    'STRATEGY_INVALID',
  )
}
