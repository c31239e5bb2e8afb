import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eachLine } from '../../../../src/scenario/recorded/lines.ts'
import { scratchFolder } from '../../../scratch-folder.ts'

const { scratch } = scratchFolder('lines')
const pipe = join(scratch, 'pipe')
const noPipes = spawnSync('mkfifo', [pipe]).status !== 0 && 'this system makes no named pipes'

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = []
  await eachLine(path, (bytes, start, end) => lines.push(bytes.toString('utf8', start, end)))
  return lines
}

describe.skipIf(noPipes)(`a named pipe${noPipes ? `: ${noPipes}` : ''}`, () => {
  test('that nobody writes to is told, without waiting', async () => {
    await expect(linesOf(pipe)).rejects.toMatchObject({
      code: 'TRACE_UNREADABLE',
      message: `Expected to read the file ${pipe}, but it is a named pipe to which nothing is written`,
    })
  })

  test('is read to its end, also when its writer pauses', async () => {
    const writer = spawn('sh', ['-c', 'exec 3<>"$0"; printf "a\\nb" >&3; echo; sleep 0.3; printf "c\\nd" >&3', pipe])
    await new Promise((resolve) => writer.stdout.once('data', resolve))
    expect(await linesOf(pipe)).toEqual(['a', 'bc', 'd'])
  })

  test('whose writer gives nothing is told after a while', async () => {
    const writer = spawn('sh', ['-c', 'exec 3<>"$0"; printf "a\\nb" >&3; echo; exec sleep 60', pipe])
    await new Promise((resolve) => writer.stdout.once('data', resolve))
    await expect(linesOf(pipe)).rejects.toMatchObject({
      message: `Expected to read the file ${pipe}, but it gives nothing for 5 s after line 1`,
    })
    writer.kill()
  })
})
