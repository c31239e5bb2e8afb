import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Tool } from '../../../../sim/wire/model/completion.ts'
import { anthropicTools } from '../../../../sim/wire/protocols/anthropic/tools.ts'
import { chatTools } from '../../../../sim/wire/protocols/chat-spelling.ts'
import { responsesTools } from '../../../../sim/wire/protocols/responses/tools.ts'
import { calledTool, type ToolSpelling } from '../../../../sim/wire/request/tools.ts'

/** How a protocol writes an offer of tools and the demand of one of them by its name. */
interface Dialect {
  readonly spelling: ToolSpelling
  tool(name: string, schema: object): object
  choice(name: string): object
}

const dialects: readonly Dialect[] = [
  {
    spelling: chatTools,
    tool: (name, parameters) => ({ type: 'function', function: { name, parameters } }),
    choice: (name) => ({ type: 'function', function: { name } }),
  },
  {
    spelling: anthropicTools,
    tool: (name, input_schema) => ({ name, input_schema }),
    choice: (name) => ({ type: 'tool', name }),
  },
  {
    spelling: responsesTools,
    tool: (name, parameters) => ({ type: 'function', name, parameters }),
    choice: (name) => ({ type: 'function', name }),
  },
]

const word = fc.string({ minLength: 1 }).filter((name) => name !== 'search')

function called({ spelling, tool, choice }: Dialect, names: readonly string[], demanded: string): Tool | undefined {
  // Each tool has one argument, which is called like the tool.
  const schemaOf = (name: string) => ({ type: 'object', properties: { [name]: { const: 1 } }, required: [name] })
  const body = { tools: names.map((name) => tool(name, schemaOf(name))), tool_choice: choice(demanded) }
  return calledTool(body, spelling, false)
}

describe('the tool that a request demands', () => {
  property.prop([fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), fc.nat()])(
    'is called alike in all protocols',
    (names, nth) => {
      const name = names[nth % names.length]!
      const args = JSON.stringify(Object.fromEntries([[name, 1]]))
      for (const dialect of dialects) expect(called(dialect, names, name)).toEqual({ name, arguments: args })
    },
  )

  property.prop([fc.uniqueArray(word, { minLength: 2, maxLength: 4 })])('must be offered', ([missing, ...names]) => {
    for (const dialect of dialects)
      expect(() => called(dialect, names, missing!)).toThrow("'tool_choice' names a tool that 'tools' lacks")
  })

  test('is none without a demand, and none when a tool has answered', () => {
    for (const { spelling, tool, choice } of dialects) {
      const tools = [tool('look', {})]
      expect(calledTool({ tools }, spelling, false)).toBeUndefined()
      expect(calledTool({ tools, tool_choice: choice('look') }, spelling, true)).toBeUndefined()
    }
  })
})
