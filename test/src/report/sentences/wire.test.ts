import { expect, test } from 'vitest'
import type { WireFacts } from '../../../../src/compare/raw-result.ts'
import { json } from '../../../../src/report/json.ts'
import { markdown } from '../../../../src/report/markdown/markdown.ts'
import { wireSentences } from '../../../../src/report/sentences/wire.ts'
import { terminal } from '../../../../src/report/terminal/terminal.ts'
import { comparison } from '../../../golden/comparison.ts'
import { checkout } from '../../../golden/installations.ts'

const wire: WireFacts = { address: 'http://127.0.0.1:1/v1', speed: 1, limits: 'none', warnings: ['It fell behind.'] }

test('a report of a load says first where it was measured, what its optimum is, and what went wrong', () => {
  const [where, rules, warning, ...others] = wireSentences({ ...comparison, wire })
  expect(where).toMatch(/^Measured over the wire at http:\/\/127\.0\.0\.1:1\/v1, in real time, .* There is no optimum/)
  expect(rules).toMatch(/listed as rpm/)
  expect([warning, ...others]).toEqual(['Warning: It fell behind.'])
  expect(wireSentences({ ...comparison, wire: { ...wire, speed: 60, limits: 'mock' } })[0]).toMatch(
    /at 60 times real time, .* the world of the scenario/,
  )
  expect(wireSentences({ ...comparison, wire: { ...wire, limits: 'stated' } })[0]).toMatch(/limits which were stated/)
  expect(wireSentences(comparison)).toEqual([])
})

test('every renderer says so', () => {
  const measured = { ...comparison, wire }
  expect(terminal(measured, { width: 80, colour: false })).toMatch(/^Measured over the wire at/)
  expect(markdown(measured, checkout)).toContain('**Measured over the wire at ')
  expect(markdown(measured, checkout)).toContain('To run the same study in virtual time:\n')
  expect(JSON.parse(json(measured)).wire).toEqual(wire)
})
