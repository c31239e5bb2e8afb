import type { Tournament } from '../../compare/tournament/tournament.ts'
import { tournamentFormat } from '../../compare/tournament/tournament-shape.ts'
import { indentedJson } from '../json-text.ts'

/** Renders a tournament for programs. A report is made from this text, and an interrupted tournament goes on from it. */
export function jsonTournament(tournament: Tournament): string {
  return `${indentedJson({ schema: tournamentFormat, ...tournament })}\n`
}
