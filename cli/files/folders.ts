import { lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OutputError } from '../process/exit.ts'

/**
 * Creates a folder and those above it. Returns the ones that did not exist, outermost first. The option `recursive` of `mkdir` is not
 * used: in a folder such as /proc, where the system refuses a new folder with "no such file", it never returns.
 */
export async function createFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path)
    return [path]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return []
    if (code !== 'ENOENT' || dirname(path) === path) throw error
  }
  const above = await createFolder(dirname(path))
  await mkdir(path)
  return [...above, path]
}

/**
 * Creates the folders of a relative path below a folder that exists. Returns the ones that did not exist, outermost first. Rejects for a
 * symbolic link, which could lead files to any other place.
 */
export async function createFoldersIn(base: string, path: string): Promise<string[]> {
  const created: string[] = []
  let folder = base
  for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
    folder = join(folder, name)
    for (const each of await createFolder(folder)) created.push(each)
    if ((await lstat(folder)).isSymbolicLink())
      throw new OutputError(`${folder} is a symbolic link, which is not followed`)
  }
  return created
}
