import { strategiesFor } from '../catalogue/catalogue.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { resolveStrategy } from '../contestants.ts'
import type { DrawnWorld } from './world.ts'

/**
 * Returns the names of the strategies of the catalogue that can run in a world and draw on its one account and model. The others have more quota, so
 * that they are measured against another optimum.
 */
export function contestantsOfOneAccount(world: DrawnWorld): string[] {
  const knowledge = clientKnowledgeOf(world, world.cases[0]!)
  return strategiesFor(knowledge).filter((id) => resolveStrategy(id, knowledge).draws.length === 1)
}
