import { InputError, isInputError } from '../../src/checks/input-error.ts'
import { isPath } from '../../src/checks/path.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { Case, OwnStrategy, Scenario } from '../../src/scenario/scenario.ts'
import type { World } from '../../src/scenario/world.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { resolveStrategy } from '../contestants.ts'

/** A scenario as it runs over the wire, and what of it does not. */
export interface WireScenario {
  readonly scenario: Scenario
  /** Sentences about the parts that are left out. */
  readonly leftOut: readonly string[]
}

/**
 * Returns the scenario with as many accounts as there are keys, each with one key, without gateways, and with these limits of its model. Cases whose
 * world only the simulator has are left out. So are strategies of the catalogue that need what is not there, where those of the scenario run
 * (`ownStrategies`). Default of `limits`: those of the scenario. Throws an `InputError` when there are more keys than accounts, or when nothing is left.
 */
export function wireScenario(
  given: Scenario,
  keys: number,
  limits: readonly Limit[] | undefined,
  ownStrategies: boolean,
): WireScenario {
  const reasons = new Map(given.cases.map((each) => [each, simulatedPart(given, each, limits !== undefined)]))
  const wired = given.cases.filter((each) => reasons.get(each) === undefined)
  const { gateways: _, events: __, background: ___, ...world } = given.world
  const scenario: Scenario = {
    ...given,
    world: { ...world, ...(limits && { limits }), accounts: accountsFor(keys, world.accounts) },
    cases: wired.map(({ world: own, baseline, ...others }) => ({
      ...others,
      ...(baseline !== undefined && wired.some(({ name }) => name === baseline) && { baseline }),
      ...(own?.accounts && { world: { accounts: accountsFor(keys, own.accounts) } }),
    })),
  }
  const able = scenario.strategies.filter(
    (each) => !ownStrategies || scenario.cases.every((chosen) => canTakePart(each, scenario, chosen)),
  )
  const unable = scenario.strategies.filter((each) => !able.includes(each))
  const cases = scenario.cases.map((each) => withStrategies(each, able))
  const casesLeftOut = [...reasons].flatMap(([{ name }, reason]) =>
    reason === undefined ? [] : [`The case ${name} is left out: ${reason}.`],
  )
  if (able.length === 0 || cases.length === 0)
    throw new InputError(
      `Expected a scenario that can run over the wire with ${keys === 1 ? '1 key' : `${keys} keys`}, got ${given.name}: ` +
        (casesLeftOut.join(' ') || 'each of its strategies needs more accounts, a gateway or Batch Chat'),
    )
  return {
    scenario: { ...scenario, strategies: able, cases },
    leftOut: [
      ...casesLeftOut,
      ...(unable.length === 0
        ? []
        : [
            `Left out, because they need more accounts (a --key for each), a gateway or Batch Chat: ${unable.map(nameOf).join(', ')}.`,
          ]),
    ],
  }
}

/** Why a case cannot run over the wire: the part of its world that only the simulator has. `areStated`: the user states the limits of all cases. */
function simulatedPart({ world }: Scenario, chosen: Case, areStated: boolean): string | undefined {
  const { events = [], background = [] } = { ...world, ...chosen.world }
  if (events.length > 0) return 'its limits change during the run, and only the simulator changes them'
  if (background.length > 0) return 'others use its accounts, and a load has no others'
  if (chosen.world?.limits !== undefined && !areStated) return 'it has limits of its own; state them with `--limits`'
  return undefined
}

/** The first accounts, each with the one key that stands for a key of the user. No real key is part of a scenario. */
function accountsFor(keys: number, accounts: World['accounts']): World['accounts'] {
  if (keys > accounts.length)
    throw new InputError(
      `Expected at most ${accounts.length} keys, one for each account of the scenario, got ${keys}: leave some out`,
    )
  return accounts.slice(0, keys).map(({ name, keys: [key] }) => ({ name, keys: [key!] }))
}

function canTakePart(item: string | OwnStrategy, scenario: Scenario, chosen: Case): boolean {
  if (typeof item !== 'string' || isPath(item)) return true
  try {
    return !resolveStrategy(item, clientKnowledgeOf(scenario, chosen)).draws.some(({ beyondLimits }) => beyondLimits)
  } catch (error) {
    if (isInputError(error) && error.code === 'STRATEGY_UNSUPPORTED') return false
    throw error
  }
}

/** Returns the case without the strategies that are left out. A case of which none is left runs with all that are. */
function withStrategies({ strategies, ...others }: Case, able: Scenario['strategies']): Case {
  const own = strategies?.filter((each) => able.includes(each)) ?? []
  return own.length === 0 ? others : { ...others, strategies: own }
}

function nameOf(item: string | OwnStrategy): string {
  return typeof item === 'string' ? item : item.name
}
