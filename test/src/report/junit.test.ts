import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { printable } from '../../../src/core/printable.ts'
import { junit } from '../../../src/report/junit.ts'

test('is written with the number of tests and failures', () => {
  const suites = [
    {
      name: 'burst.batch',
      tests: [
        { name: 'a', output: '1 %' },
        { name: 'b', output: '2 %', failure: 'Expected x<1, got 2' },
      ],
    },
    { name: 'burst.empty', tests: [] },
  ]
  expect(junit(suites)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ratelab" tests="2" failures="1" errors="0">
  <testsuite name="burst.batch" tests="2" failures="1" errors="0">
    <testcase classname="burst.batch" name="a">
      <system-out>1 %</system-out>
    </testcase>
    <testcase classname="burst.batch" name="b">
      <failure message="Expected x&lt;1, got 2">2 %</failure>
      <system-out>2 %</system-out>
    </testcase>
  </testsuite>
  <testsuite name="burst.empty" tests="0" failures="0" errors="0">
  </testsuite>
</testsuites>
`)
})

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('<', '&', '"', "'", '>', ']', '\u0000', '\ud800', 'é', '\uffff') }),
)

test.prop([anyText])('has any text, with `?` for the characters that XML does not allow', (text) => {
  const xml = junit([{ name: text, tests: [{ name: text, output: text, failure: text }] }])
  // The characters of a text, as the specification of XML 1.0 lists them.
  expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
  const [, attribute = ''] = /<testsuite name="([^"<]*)" tests/.exec(xml) ?? []
  const [, content = ''] = /<system-out>([^<]*)<\/system-out>/.exec(xml) ?? []
  const decoded = (part: string) => part.replace(/&(\w+);/g, (_, name) => entities[name]!)
  const allowed = printable(text)
  expect(decoded(attribute)).toBe(allowed)
  expect(decoded(content)).toBe(allowed)
})
