import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root })
const folders = 'cli|lab|sim|src|contracts|clients|proof|scenarios|examples|bench|attack|test|docs|reports'
const path = `\`(?:${folders})/[\\w./*-]*\``

const textOf = (file: string) => readFileSync(resolve(root, file), 'utf8')
const unquoted = (text: string) => text.replaceAll('`', '')

test('there are documents and paths in them', () => {
  expect(documents.length).toBeGreaterThan(10)
  expect(documents.flatMap((file) => textOf(file).match(new RegExp(path, 'g')) ?? []).length).toBeGreaterThan(50)
})

test.each(documents)('every path in %s exists', (file) => {
  const paths = (textOf(file).match(new RegExp(path, 'g')) ?? []).map(unquoted)
  expect(paths.filter((each) => globSync(each, { cwd: root }).length === 0)).toEqual([])
})

test.each(documents)('every name that %s gives with a file is in that file', (file) => {
  const named = new RegExp(`((?:\`[\\w*-]+\`(?:, )?)+) (?:of|in) (${path})`, 'g')
  const missing = [...textOf(file).matchAll(named)].flatMap(([, names = '', place = '']) => {
    const text = globSync(unquoted(place), { cwd: root, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => textOf(resolve(entry.parentPath, entry.name)))
      .join('\n')
    const words = names.match(/[\w*-]+/g) ?? []
    return words.filter((word) => !text.includes(word.replace(/\*$/, ''))).map((word) => `${word} in ${place}`)
  })
  expect(missing).toEqual([])
})
