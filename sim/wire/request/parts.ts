import { type Fields, isObject } from '../../../src/checks/shape.ts'
import { own } from './fields.ts'

/** The parts of a content that is a list of them; of any other there are none. */
export function partsOf(content: unknown): readonly Fields[] {
  return Array.isArray(content) ? content.filter(isObject) : []
}

/** The text of a content: a text, or a list of parts of which only the texts count. */
export function partsText(content: unknown): string {
  if (typeof content === 'string') return content
  return partsOf(content)
    .map((part) => own(part, 'text'))
    .filter((text) => typeof text === 'string')
    .join('')
}
