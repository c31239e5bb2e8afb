import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configChanges } from '../../../sim/config/config-changes.ts'
import { parseConfig, readConfig } from '../../../sim/config/read-config.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch } = scratchFolder('config')

const parse = (text: string) => parseConfig('lab.json', Buffer.from(text))

describe('a config file', () => {
  test('is read', async () => {
    const path = join(scratch, 'right.json')
    writeFileSync(path, '\ufeff{"port": 1}')
    expect(await readConfig(path)).toEqual({ config: { port: 1 } })
    writeFileSync(path, '{\n  // any free port\n  "port": 0, /* and so on */\n}')
    expect(await readConfig(path)).toEqual({ config: { port: 0 } })
  })

  test.each([
    ['', 'Expected lab.json to contain a JSON object, got an empty file; {} is the smallest config'],
    [' \n', 'Expected lab.json to contain a JSON object, got an empty file; {} is the smallest config'],
    ['{"port": 1\n"seed": 2}', 'Expected lab.json to be JSON: line 2, column 1: expected "," or "}", got a text'],
    ['// nothing yet', 'Expected lab.json to be JSON: line 1, column 15: expected a value, got the end of the file'],
    ['[]', 'Expected `config` to be an object, got a list'],
    ['{"port": 1e999}', 'Expected `config.port` to be a whole number >= 0 and <= 65535, got Infinity'],
    ['{"__proto__": {"port": 1}}', expect.stringMatching(/no fields but .*, got "__proto__"/)],
  ])('%j has one problem', (text, problem) => {
    expect(parse(text)).toEqual({ problems: [problem] })
  })

  test('must be UTF-8', () => {
    expect(parseConfig('x', Uint8Array.of(0x7b, 0xff, 0x7d))).toEqual({ problems: [expect.stringContaining('UTF-8')] })
  })

  test('that is not there, a folder, or without end is a problem, too', async () => {
    const long = join(scratch, 'long.json')
    writeFileSync(long, '{')
    truncateSync(long, 1024 ** 3)
    const problemOf = async (path: string) => ({ ...(await readConfig(path)) })
    expect(await problemOf(join(scratch, 'gone.json'))).toEqual({
      problems: [expect.stringMatching(/gone\.json .* it does not exist: check the path$/)],
    })
    expect(await problemOf(scratch)).toEqual({ problems: [expect.stringMatching(/it is a folder$/)] })
    expect(await problemOf(long)).toEqual({
      problems: [expect.stringMatching(/at most 1048576 bytes, got a longer file$/)],
    })
    expect(await problemOf('/dev/zero')).toEqual({ problems: [expect.stringMatching(/got a longer file$/)] })
  })
})

test('changes are named: fields, and limits and switches each by its own name', () => {
  const before = { $schema: 'a', seed: 1, port: 2, limits: { a: [], b: [] }, switches: { window: 'fixed' } } as const
  const after = { $schema: 'b', seed: 1, speed: 2, limits: { b: [], c: [] }, switches: { window: 'bucket' } } as const
  expect(configChanges(before, after)).toEqual(['port', 'limits.a', 'limits.c', 'switches.window', 'speed'])
  expect(configChanges(before, structuredClone(before))).toEqual([])
})
