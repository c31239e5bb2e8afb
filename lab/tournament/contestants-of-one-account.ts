import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { portableFor } from '../catalogue/portable-entries.ts'
import { resolveStrategy } from '../contestants.ts'
import type { DrawnWorld } from './world.ts'

/**
 * Returns the names of our own strategies of the catalogue that can run in a world and draw on its one account and model. The others have more quota, so
 * that they are measured against another optimum; guests take too long.
 */
export function contestantsOfOneAccount(world: DrawnWorld): string[] {
  const knowledge = clientKnowledgeOf(world, world.cases[0]!)
  return portableFor(knowledge).filter((id) => resolveStrategy(id, knowledge).draws.length === 1)
}
