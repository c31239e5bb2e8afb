import { open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** The content of a file: whole, or in pieces that are written one after the other. */
export type FileContent = string | Uint8Array | Iterable<string>

/**
 * Creates a file and writes it, and removes it again when its content cannot be written. Rejects with the system's error, such as `EEXIST` for
 * a path that is taken, also by a symbolic link.
 */
export async function writeNewFile(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'wx')
  try {
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
    await pipeline(Readable.from(pieces), file.createWriteStream())
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}
