import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { sensitivityFormat } from '../../compare/sensitivity/sensitivity-shape.ts'
import { indentedJson } from '../json-text.ts'

/** Renders a sensitivity for programs. Its numbers are exact, because a report is made from this text, too. */
export function jsonSensitivity(sensitivity: Sensitivity): string {
  return `${indentedJson({ schema: sensitivityFormat, ...sensitivity })}\n`
}
