import { didYouMean } from '../../checks/did-you-mean.ts'
import { show } from '../../core/expect.ts'
import { type TimeUnit, timeUnits } from './ticks.ts'
import { type CallPart, callParts } from './trace-format.ts'

/** The columns that a user names, and the unit of arrivals that are numbers. What is left out follows from the file's format. */
export type ColumnChoice = Readonly<Partial<Record<CallPart, string>>> & { readonly unit?: TimeUnit }

const keys: readonly string[] = [...callParts, 'unit']
const units = Object.keys(timeUnits)

/** Reads a text such as `arrival=start,prompt=tokens in,output=tokens out,unit=ms`, which `field` has. Returns its problem instead, if any. */
export function readColumns(field: string, text: string): ColumnChoice | string {
  const choice: Record<string, string> = {}
  for (const item of text.split(',')) {
    const at = item.indexOf('=')
    const [key, value] = [item.slice(0, at).trim(), item.slice(at + 1).trim()]
    if (at < 1 || value === '')
      return `Expected \`${field}\` to be such as arrival=time,prompt=in,output=out,unit=ms, got ${show(item)} in ${show(text)}`
    if (!keys.includes(key))
      return `Expected \`${field}\` to name ${keys.join(', ')}, got ${show(key)}${didYouMean(key, keys)}`
    if (choice[key] !== undefined) return `Expected \`${field}\` to name ${key} once, got it twice in ${show(text)}`
    choice[key] = value
  }
  const { unit } = choice
  if (unit === undefined || units.includes(unit)) return choice
  return `Expected \`${field}\` to have a unit of ${units.join(', ')}, got ${show(unit)}: dates need none`
}
