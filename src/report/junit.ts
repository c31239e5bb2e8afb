import { printable } from '../core/printable.ts'

/** Tests that belong together, such as those of one case. */
export interface TestSuite {
  readonly name: string
  readonly tests: readonly TestResult[]
}

/** The result of one test. */
export interface TestResult {
  readonly name: string
  /** Why the test failed. Default: it passed. */
  readonly failure?: string
  /** What was measured. */
  readonly output: string
}

/** Writes results as JUnit XML, which CI systems read. It has no times, because the same results give the same bytes. */
export function junit(suites: readonly TestSuite[]): string {
  const total = suites.flatMap(({ tests }) => tests)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ratelab" ${counts(total)}>`,
    ...suites.flatMap(({ name, tests }) => [
      `  <testsuite name="${xmlText(name)}" ${counts(tests)}>`,
      ...tests.flatMap((test) => testCase(name, test)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(tests: readonly TestResult[]): string {
  return `tests="${tests.length}" failures="${tests.filter(({ failure }) => failure !== undefined).length}" errors="0"`
}

function testCase(suite: string, { name, failure, output }: TestResult): string[] {
  return [
    `    <testcase classname="${xmlText(suite)}" name="${xmlText(name)}">`,
    ...(failure === undefined ? [] : [`      <failure message="${xmlText(failure)}">${xmlText(output)}</failure>`]),
    `      <system-out>${xmlText(output)}</system-out>`,
    '    </testcase>',
  ]
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML allows all characters that `printable` leaves. Five of them are signs of its own, and are escaped. */
function xmlText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (sign) => signs[sign]!)
}
