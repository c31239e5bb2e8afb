import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { extendFile, replaceFile } from '../../../cli/files/named-file.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch } = scratchFolder('named')

const file = (name: string, content: string) => {
  const path = join(scratch, name)
  writeFileSync(path, content)
  return path
}

const noPipes = spawnSync('mkfifo', [join(scratch, 'pipe')]).status !== 0 && 'this system makes no named pipes'

describe.each([
  ['replaces', replaceFile, 'new'],
  ['extends', extendFile, 'oldnew'],
] as const)('a file that a user names: %s it', (name, write, expected) => {
  test('whole', async () => {
    const path = file(`${name}.xml`, 'old')
    await write(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe(expected)
    await write(join(scratch, `${name}-first.xml`), 'new')
    expect(readFileSync(join(scratch, `${name}-first.xml`), 'utf8')).toBe('new')
  })

  test('never through a symbolic link to a file or to nothing', async () => {
    const target = file(`${name}-target`, 'precious')
    const link = join(scratch, `${name}-link`)
    symlinkSync(target, link)
    await expect(write(link, 'new')).rejects.toThrow(/is a symbolic link, which is not followed: name .*target itself/)
    expect(readFileSync(target, 'utf8')).toBe('precious')
    const dangling = join(scratch, `${name}-dangling`)
    symlinkSync(join(scratch, 'nothing'), dangling)
    await expect(write(dangling, 'new')).rejects.toThrow(/is a symbolic link/)
  })

  test('into a device, also through a link such as /dev/stdout', async () => {
    const link = join(scratch, `${name}-null`)
    symlinkSync('/dev/null', link)
    await write(link, 'new')
    await write('/dev/null', 'new')
    await expect(write('/dev/full', 'new')).rejects.toThrow(/ENOSPC/)
  })

  test.skipIf(process.platform !== 'linux')(
    'at the end of a file that is open, as standard output may be',
    async () => {
      const path = file(`${name}-open`, 'old')
      const open = openSync(path, 'r+')
      await write(`/proc/self/fd/${open}`, 'new')
      closeSync(open)
      expect(readFileSync(path, 'utf8')).toBe('oldnew')
    },
  )

  test('not into a folder', async () => {
    await expect(write(scratch, 'new')).rejects.toThrow(/EISDIR|is a folder/)
  })

  test.skipIf(noPipes)(
    `not into a named pipe that nobody reads, without waiting${noPipes ? `: ${noPipes}` : ''}`,
    async () => {
      await expect(write(join(scratch, 'pipe'), 'new')).rejects.toThrow(/ENXIO/)
    },
  )
})
