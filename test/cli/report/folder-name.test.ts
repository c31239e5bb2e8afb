import { expect, test } from 'vitest'
import { folderName } from '../../../cli/report/folder-name.ts'
import type { StudyFacts } from '../../../src/compare/raw-result.ts'
import { comparison } from '../../golden/comparison.ts'

const replayed = { file: 'a.csv', format: 'Azure', rows: 1, outside: 0, skipped: 0, warnings: [] }
const facts = (changed: readonly string[], isReplay: boolean, name = 'replay', given = name): StudyFacts => ({
  ...comparison,
  cases: [],
  scenario: { ...comparison.scenario, name, given },
  changed,
  ...(isReplay && { replayed }),
})

test.each<[string, StudyFacts, string]>([
  ['a scenario as it is', facts([], false, 'burst'), 'burst'],
  ['a scenario with a change', facts(['--set patience=5'], false, 'burst'), 'burst-custom'],
  ['a replay of a trace', facts(['--trace a.csv'], true), 'replay'],
  ['a replay of a part of it', facts(['--trace a.csv', '--every 2'], true), 'replay-custom'],
  ['a replay of the example', facts([], true), 'replay-example'],
  ['a replay of a part of the example', facts(['--every 2'], true), 'replay-custom'],
  ['a scenario of a user with the name of one of ours', facts([], true, 'replay', './replay.ts'), 'replay-custom'],
])('%s', (_what, study, name) => expect(folderName(study)).toBe(name))
