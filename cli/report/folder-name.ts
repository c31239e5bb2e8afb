import { resolve } from 'node:path'
import { scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'

/**
 * Returns the name of the report's folder: the scenario's name, or that name with `-custom` when an option changes the study, or when
 * a user's scenario has the name of one that comes with ratelab. The trace of a replay is not a change. A replay of the scenario's own
 * example has the ending `-example`, so that it does not replace the report of a real trace. What was measured over the wire has the ending `-wire`.
 */
export function folderName({ scenario: { name, given = name }, changed, replayed, wire }: StudyFacts): string {
  if (wire) return `${name}-wire`
  const isChanged = changed.some((change) => !change.startsWith('--trace '))
  const isNamesake = scenarioNames().includes(name) && given !== name && resolve(given) !== scenarioFile(name)
  if (isChanged || isNamesake) return `${name}-custom`
  return replayed && !changed.some((change) => change.startsWith('--trace ')) ? `${name}-example` : name
}
