import { describe, expect, test } from 'vitest'
import { code, sources } from './sources.ts'

/** The calls of a function that takes any number of values, with the text between their parentheses. */
function argumentsOf(text: string, callee: RegExp): string[] {
  return [...text.matchAll(callee)].map(({ index, 0: start }) => {
    let depth = 1
    let at = index + start.length
    for (; depth > 0 && at < text.length; at++) depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0
    return text.slice(index + start.length, at - 1)
  })
}

/** Whether a list is spread into the arguments themselves, and not into a list or an object within them. */
function spreads(given: string): boolean {
  let depth = 0
  for (let at = 0; at < given.length; at++) {
    if (depth === 0 && given.startsWith('...', at)) return true
    if ('([{'.includes(given[at]!)) depth++
    if (')]}'.includes(given[at]!)) depth--
  }
  return false
}

const callee = /\bMath\.(?:max|min)\(|\.(?:push|unshift)\(/g

describe('a list that grows with the input is not spread into the arguments of a call, which can hold some 120,000', () => {
  test('the check finds a spread among other arguments and over several lines, and no other', () => {
    const found = ['Math.max(0, ...a.map((x) => [...x]))', 'Math.min(\n  ...f(a),\n)', 'b.push(f(1), ...c)']
    const others = ['Math.max(0, f([...a]))', 'b.push({ ...c })', 'b.push([...c])', 'f(...a)']
    const isFound = (text: string) => argumentsOf(text, callee).some(spreads)
    expect(found.filter((text) => !isFound(text))).toEqual([])
    expect(others.filter(isFound)).toEqual([])
  })

  test('in all sources; `maximum` and `minimum` of src/core/extremes.ts take lists of any length', () => {
    const users = sources.filter(({ text }) => argumentsOf(code(text), callee).some(spreads))
    expect(users.map(({ path }) => path)).toEqual([])
  })
})
