import { describe, expect, test } from 'vitest'
import { readOptions } from '../../attack/options.ts'

const attacks = {
  raw: { about: 'odd messages', run: async () => {} },
  slow: { about: 'slow ones', run: async () => {} },
}
const read = (...args: string[]) => readOptions(args, attacks)

describe('the options of npm run attack', () => {
  test('by default are all attacks on this checkout', () => {
    expect(read()).toMatchObject({ only: ['raw', 'slow'], minutes: 2, seed: 1, isShort: false })
    expect(read()).toHaveProperty('command.0', process.execPath)
  })

  test('are read', () => {
    expect(
      read(
        '--only',
        'raw',
        '--only',
        'slow,raw',
        '--minutes',
        '0.5',
        '--seed',
        '7',
        '--short',
        '--command',
        'npx ratelab',
      ),
    ).toEqual({ only: ['raw', 'slow', 'raw'], minutes: 0.5, seed: 7, isShort: true, command: ['npx', 'ratelab'] })
  })

  test('--help names every attack', () => {
    expect(read('--help')).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/raw +odd messages\n +slow +slow ones/),
    })
  })

  test.each([
    [['--only', 'rawr'], 'Expected `--only` to be one of raw, slow, got "rawr"'],
    [['--minutes', '0'], 'Expected `--minutes` to be a number > 0, got 0'],
    [['--seed', 'x'], 'Expected `--seed` to be a whole number, got x'],
    [['--sed', '1'], "Unknown option '--sed'"],
    [['raw'], "Unexpected argument 'raw'"],
  ])('%j are wrong', (args, text) => {
    expect(read(...args)).toMatchObject({ exitCode: 2, text: expect.stringContaining(text) })
  })
})
