import { describe, expect, test } from 'vitest'
import { readColumns } from '../../../../src/scenario/recorded/column-choice.ts'

describe('readColumns', () => {
  test.each([
    ['arrival=time,prompt=in,output=out', { arrival: 'time', prompt: 'in', output: 'out' }],
    ['unit=ms', { unit: 'ms' }],
    [' prompt = tokens in , unit = ns ', { prompt: 'tokens in', unit: 'ns' }],
    ['output=usage.completion=1', { output: 'usage.completion=1' }],
  ])('%j', (text, choice) => expect(readColumns('--columns', text)).toEqual(choice))

  test.each([
    ['', /^Expected `--columns` to be such as arrival=time,prompt=in,output=out,unit=ms, got "" in ""$/],
    ['time', /got "time" in "time"/],
    ['arrival=', /got "arrival=" in "arrival="/],
    ['=x', /got "=x"/],
    ['arival=t', /to name arrival, prompt, output, unit, got "arival"; did you mean arrival\?/],
    ['prompt=a,prompt=b', /to name prompt once, got it twice in "prompt=a,prompt=b"/],
    ['unit=min', /to have a unit of s, ms, us, ns, got "min": dates need none/],
  ])('%j is refused', (text, problem) => expect(readColumns('--columns', text)).toMatch(problem))
})
