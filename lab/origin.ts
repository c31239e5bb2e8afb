import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nonFiniteAsText } from './cells/cell-lines.ts'
import { digest, type Origin, shortDigest } from './cells/shard-lines.ts'
import { version } from './version.ts'

/** What a user gave to a study. */
export interface StudyInput {
  /** Values that may have functions, such as a scenario with generators. Of a function only its own text counts. */
  readonly values: unknown
  /** The paths of files whose content counts. */
  readonly files: readonly string[]
}

/** Returns the origin of a study. Reads the files, and ratelab's own code. */
export function originOf({ values, files }: StudyInput): Origin {
  const contents = files.map(fileDigest)
  return {
    version,
    code: sourcesDigest(['lab', 'sim', 'src']),
    input: digest(JSON.stringify([values, contents], withFunctions)),
  }
}

/** Returns the digest of ratelab's own code in these folders. */
export function sourcesDigest(folders: readonly string[]): string {
  const root = fileURLToPath(new URL('../', import.meta.url))
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .sort(),
  )
  return digest(files.map((file) => `${file} ${fileDigest(join(root, file))}\n`).join(''))
}

/** Returns the digest of a file's content. It is read in pieces, because a trace may be larger than the memory. */
function fileDigest(path: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1 << 20)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return shortDigest(hash)
}

/** JSON has no functions either, so they too are written as texts. */
function withFunctions(key: string, value: unknown): unknown {
  return typeof value === 'function' ? String(value) : nonFiniteAsText(key, value)
}
