import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { givenKeys } from '../../../cli/flags/key-sources.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch, file: written } = scratchFolder('keys')

function file(name: string, content: string, mode = 0o600): string {
  const path = written(name, content)
  chmodSync(path, mode)
  return path
}

const read = (path: string | undefined, environment = {}, typed: readonly string[] = []) =>
  givenKeys(
    { flag: '--upstream-key', typed, fileFlag: '--upstream-key-file', file: path, variable: 'KEYS' },
    environment,
  )

describe('keys', () => {
  test('come from the command line, the environment and a file; comments and empty lines are no keys', async () => {
    const path = file('keys.txt', '# two accounts\nsk-1\r\n\n  sk-2 \n')
    expect(await read(path, { KEYS: 'sk-3\nsk-4  sk-5' }, ['sk-6'])).toEqual({
      given: [
        { place: '--upstream-key', text: 'sk-6' },
        { place: 'KEYS', text: 'sk-3' },
        { place: 'KEYS', text: 'sk-4' },
        { place: 'KEYS', text: 'sk-5' },
        { place: '--upstream-key-file (line 2)', text: 'sk-1' },
        { place: '--upstream-key-file (line 4)', text: 'sk-2' },
      ],
      problems: [],
      notes: [],
    })
    expect(await read(undefined)).toEqual({ given: [], problems: [], notes: [] })
  })

  test.skipIf(process.platform === 'win32').each([0o644, 0o640, 0o602])(
    'in a file with the mode %o can be read or changed by others, which is said',
    async (mode) => {
      const { given, notes } = await read(file('open.txt', 'sk-1', mode))
      expect(given).toHaveLength(1)
      expect(notes).toEqual([expect.stringMatching(/other users .*open\.txt; `chmod 600`/)])
    },
  )

  test('in a file that cannot be read, is too long or has no entry, are a problem', async () => {
    expect((await read(join(scratch, 'gone.txt'))).problems).toEqual([
      expect.stringMatching(/`--upstream-key-file` .*it does not exist/),
    ])
    expect((await read(scratch)).problems).toEqual([expect.stringMatching(/it is a folder/)])
    expect((await read(file('long.txt', 'x'.repeat(1024 * 1024 + 1)))).problems).toEqual([
      expect.stringMatching(/at most 1048576 bytes, got a longer one/),
    ])
    expect((await read(file('empty.txt', '# nobody\n'))).problems).toEqual([expect.stringMatching(/got none/)])
  })
})
