import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, sources } from './sources.ts'

describe('names', () => {
  test('no file is called by what it is made of', () => {
    const empty = sources.filter(({ path }) => /(^|\/)(utils?|helpers?|misc|common|types|index)\.ts$/.test(path))
    expect(empty.map(({ path }) => path)).toEqual([])
  })

  test('no exported name has two meanings', () => {
    const files = new Map<string, string[]>()
    const declared =
      /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm
    // k6 itself demands that each script export its `options`.
    for (const { path, text } of sources)
      for (const [, name] of text.matchAll(declared))
        if (!(name === 'options' && path.startsWith('scenarios/k6/')))
          files.set(name!, [...(files.get(name!) ?? []), path])
    expect(files.size).toBeGreaterThan(400)
    expect([...files].filter(([, paths]) => new Set(paths).size > 1)).toEqual([])
  })

  test('the glossary lists only words that are used', () => {
    const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
    const words = [...glossary.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, word]) => word!)
    const prose = ['README.md', 'docs/architecture.md', 'reports/burst/report.md'].map((file) =>
      readFileSync(join(root, file), 'utf8'),
    )
    const texts = [...prose, ...sources.map(({ text }) => text)]
    const isUsed = (word: string) => {
      const pattern = new RegExp(`\\b${word.replaceAll(' ', '[ -]?')}`, 'i')
      return texts.some((text) => pattern.test(text))
    }
    expect(words.length).toBeGreaterThan(50)
    expect(new Set(words).size).toBe(words.length)
    expect(words.filter((word) => !isUsed(word))).toEqual([])
  })
})
