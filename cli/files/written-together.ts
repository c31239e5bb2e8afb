import { lstatSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../../src/core/system-clock.ts'
import { OutputError } from '../process/exit.ts'
import { asideIn } from './aside-folder.ts'
import { whileLocked } from './folder-lock.ts'
import { createFoldersIn } from './folders.ts'
import { type FileContent, writeNewFile } from './new-file.ts'

/** The contents of files by their path in a folder. `null`: there is to be no such file. */
export type Files = Readonly<Record<string, FileContent | null>>

/**
 * Writes files into a folder that exists: all of them, or none. They are complete before the first one is put into its place, and no other process
 * that writes in this way puts its own between them. A symbolic link in the place of a file is replaced, not followed. `created` is called with
 * each folder that the paths need and that did not exist. Rejects with the error of the system.
 */
export async function writeTogether(
  folder: string,
  files: Files,
  created: (folder: string) => void = () => {},
): Promise<void> {
  const names = Object.keys(files)
  for (const name of names) for (const each of await createFoldersIn(folder, dirname(name))) created(each)
  const aside = asideIn(folder)
  try {
    const complete = (i: number) => join(aside, String(i))
    for (const [i, content] of Object.values(files).entries())
      if (content !== null) await writeNewFile(complete(i), content)
    await whileLocked(folder, systemClock, () => {
      // A folder with the name of a file would make its renaming fail. So all names are checked before the first file is renamed.
      for (const name of names) expectNoFolder(join(folder, name))
      for (const [i, name] of names.entries()) {
        if (files[name] === null) rmSync(join(folder, name), { force: true })
        else renameSync(complete(i), join(folder, name))
      }
    })
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function expectNoFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new OutputError(`${path} is a folder, and a file is to be written there`)
}
