import { stat } from 'node:fs/promises'
import { beginningOf, longestConfig, reasonOf } from '../../sim/config/read-config.ts'

/** Something that a user has given, and the name of its place, which messages show in its stead. */
export interface Given {
  readonly place: string
  readonly text: string
}

/** The places in which keys of one kind may stand. */
export interface KeyPlaces {
  /** The flag that takes a key. */
  readonly flag: string
  readonly typed: readonly string[]
  /** The flag that names a file. */
  readonly fileFlag: string
  readonly file: string | undefined
  /** The environment variable, whose entries are separated by spaces or line breaks. */
  readonly variable: string
}

export interface GivenKeys {
  readonly given: readonly Given[]
  readonly problems: readonly string[]
  /** What the user should know about the file. */
  readonly notes: readonly string[]
}

/** Collects keys from the command line, a file and the environment. A file has one entry a line; a line that begins with # is a comment. */
export async function givenKeys(
  { flag, typed, fileFlag, file, variable }: KeyPlaces,
  environment: NodeJS.ProcessEnv,
): Promise<GivenKeys> {
  const ofFlag = typed.map((text) => ({ place: flag, text }))
  const ofEnvironment = (environment[variable] ?? '').split(/\s+/).filter(Boolean)
  const given = [...ofFlag, ...ofEnvironment.map((text) => ({ place: variable, text }))]
  if (file === undefined) return { given, problems: [], notes: [] }
  const refused = (expected: string, found: string) => {
    return { given, problems: [`Expected \`${fileFlag}\` to be a file ${expected}, ${found}`], notes: [] }
  }
  try {
    const bytes = await beginningOf(file)
    if (bytes.length > longestConfig) return refused(`of at most ${longestConfig} bytes`, 'got a longer one')
    const entries = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .map((line, i) => ({ place: `${fileFlag} (line ${i + 1})`, text: line.trim() }))
      .filter(({ text }) => text !== '' && !text.startsWith('#'))
    if (entries.length === 0) return refused('with an entry in each line', 'got none')
    return { given: [...given, ...entries], problems: [], notes: await openToOthers(file) }
  } catch (error) {
    return refused('that can be read', `but ${reasonOf(error)}`)
  }
}

/** Says that other users of the machine may read a file, where it is so. On Windows the mode does not tell. */
async function openToOthers(file: string): Promise<string[]> {
  const { mode } = await stat(file)
  if (process.platform === 'win32' || (mode & 0o077) === 0) return []
  return [`Note: other users of this machine may read or change ${file}; \`chmod 600\` keeps its keys to you`]
}
