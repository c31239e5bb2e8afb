import { lstat, readFile } from 'node:fs/promises'
import type { Tournament } from '../../src/compare/tournament/tournament.ts'
import { tournamentShape } from '../../src/compare/tournament/tournament-shape.ts'

/** The name of the file, which is in the folder of the report. */
export const tournamentFile = 'tournament.json'

/** What is at the path of a file with a tournament: one, nothing, or something else. */
export type StoredTournament = { readonly tournament: Tournament } | 'none' | 'unreadable'

/** Reads a file that `ratelab tournament` wrote. A named pipe could keep its reader waiting for ever, so only regular files are read. */
export async function readTournament(path: string): Promise<StoredTournament> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return 'none'
  if (!found.isFile()) return 'unreadable'
  try {
    const value = JSON.parse(await readFile(path, 'utf8'))
    if (tournamentShape('', value).length > 0) return 'unreadable'
    const { facts, worlds } = value as Tournament
    return { tournament: { facts, worlds } }
  } catch {
    return 'unreadable'
  }
}
