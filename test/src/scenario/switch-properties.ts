import { aboutSwitch, type SwitchRow, valueShape } from '../../../src/scenario/switch-table.ts'
import { type Switches, switchNames, switchTable } from '../../../src/scenario/switches.ts'

/** The JSON Schema of an object with every switch, computed from the rows of the table. Descriptions end with `end`. */
export function switchProperties(
  keyOf: (name: keyof Switches) => string,
  valuesOf: (row: SwitchRow) => object,
  end: '' | '.',
) {
  const properties = Object.fromEntries(
    switchNames.map((name) => {
      const row: SwitchRow = switchTable[name]
      const about = aboutSwitch(row)
      return [keyOf(name), { description: `${about[0]!.toUpperCase()}${about.slice(1)}${end}`, ...valuesOf(row) }]
    }),
  )
  return { required: Object.keys(properties), properties }
}

/** The values of a switch as its check accepts them. */
export function exactValues(row: SwitchRow): object {
  return valueShape(row).schema((_name, part) => part.schema(() => ({})))
}
