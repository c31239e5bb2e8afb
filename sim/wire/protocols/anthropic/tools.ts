import { isObject } from '../../../../src/checks/shape.ts'
import { objectField, ownField } from '../../request/body.ts'
import type { ToolSpelling } from '../../request/tools.ts'

/** Tools as Anthropic's protocol spells them. A choice demands a tool by its name, or any tool, which is then the first. */
export const anthropicTools: ToolSpelling = {
  definitionOf: (tool) => (isObject(tool) ? tool : {}),
  parametersField: 'input_schema',
  nameless: (index) => `'tools.${index}.name' must be a text that is not empty`,
  demanded(body, offers) {
    const choice = objectField(body, 'tool_choice')!
    const type = ownField(choice, 'type')
    if (type === 'any') return { name: offers[0]?.name }
    return type === 'tool' ? { name: ownField(choice, 'name') } : undefined
  },
}
