import { fc, test } from '@fast-check/vitest'
import type { Command } from 'commander'
import { afterEach, describe, expect, vi } from 'vitest'
import { helpInWidth } from '../../../cli/process/help-text.ts'
import { commandLine } from '../../../cli/program.ts'

afterEach(() => vi.unstubAllEnvs())

/** Returns the names of all commands, with '' for ratelab itself. */
const commands = ['', ...commandLine().commands.map((command) => command.name())]

function helpOf(name: string): string {
  const ratelab = commandLine()
  const command = name === '' ? ratelab : ratelab.commands.find((each: Command) => each.name() === name)!
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) })
  command.outputHelp()
  return help
}

describe('the help of every command', () => {
  test.each(commands)('fits 80 columns, but for commands to copy: ratelab %s', (name) => {
    vi.stubEnv('COLUMNS', '80')
    const help = helpOf(name)
    expect(help).toContain('Usage: ratelab')
    for (const line of help.split('\n'))
      if (!line.startsWith('  ratelab ')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  test('is as wide as COLUMNS says, in its options and in the text after them', () => {
    const widest = (columns: string) => {
      vi.stubEnv('COLUMNS', columns)
      return Math.max(
        ...helpOf('report')
          .split('\n')
          .map(({ length }) => length),
      )
    }
    expect(widest('60')).toBeLessThanOrEqual(60)
    expect(widest('200')).toBeGreaterThan(120)
  })
})

const text = `
Prose that is longer than the width.

Examples:
  ratelab run burst       a burst
  ratelab run ./mine.ts   a scenario of your own

The last line.`

test('prose is wrapped, and a block of rows is laid out again when one row is too long', () => {
  expect(helpInWidth(text, 34)).toBe(`
Prose that is longer than the
width.

Examples:
  ratelab run burst
    a burst
  ratelab run ./mine.ts
    a scenario of your own

The last line.`)
})

test.prop([
  fc.array(
    fc.oneof(
      fc.constant(''),
      fc
        .array(fc.constantFrom('a', 'word', 'longer-words'), { minLength: 1, maxLength: 20 })
        .map((words) => words.join(' ')),
      fc
        .tuple(fc.constantFrom('cmd', 'cmd --flag x'), fc.constantFrom('does it', 'does it again and again'))
        .map(([a, b]) => `  ${a}   ${b}`),
      fc.constant('  a row of one cell'),
    ),
    { maxLength: 12 },
  ),
  fc.integer({ min: 30, max: 120 }),
])('help keeps every word and fits its width, and a text that fits is not changed', (lines, width) => {
  const given = lines.join('\n')
  const fitted = helpInWidth(given, width)
  expect(fitted.split(/\s+/)).toEqual(given.split(/\s+/))
  for (const line of fitted.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  if (lines.every(({ length }) => length <= width)) expect(fitted).toBe(given)
})
