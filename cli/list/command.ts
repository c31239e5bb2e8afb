import { caseKeys, listKeys } from '../../lab/case-numbers.ts'
import { aboutStrategies } from '../../lab/catalogue/catalogue.ts'
import { loadScenario, scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { limitsKey } from '../../lab/settings.ts'
import { profiles } from '../../sim/profiles/profiles.ts'
import { wireSwitchTable } from '../../sim/wire/wire-switches.ts'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { wrap } from '../../src/report/terminal/grid.ts'
import { aboutSwitch, type SwitchTable } from '../../src/scenario/switch-table.ts'
import { switchTable } from '../../src/scenario/switches.ts'
import { print } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'

/** Runs `ratelab list`, which prints the names that the other commands accept. With `settings` it prints the keys of `--set`. */
export async function listCommand({ settings = false }: { readonly settings?: boolean }): Promise<void> {
  const width = outputWidth(process.stdout)
  print(`${settings ? settingsText(width) : await overviewText(width)}\n`)
}

/** Returns the names of scenarios, strategies and profiles as text for people, in lines of at most `width` columns. */
export async function overviewText(width: number): Promise<string> {
  const scenarios = await Promise.all(
    scenarioNames().map(async (name) => {
      const { title, question } = await loadScenario(scenarioFile(name), { set: [] })
      return [name, title, question]
    }),
  )
  const strategies = aboutStrategies().map(({ name, about, options, terms }) => [
    name,
    about,
    ...(options.length === 0 ? [] : [`Options: ${options.join(', ')}`]),
    ...(terms === undefined ? [] : [`Caution: ${terms}`]),
  ])
  return [
    'Scenarios (ratelab run <scenario>)',
    ...alignedRows(scenarios, width, 1),
    '',
    ...wrap('Strategies (--strategies none,retry-full:base=500,./mine.ts)', width),
    ...alignedRows(strategies, width, 1),
    '',
    ...wrap('Profiles (--profile intl, --profile ./mine.ts)', width),
    ...alignedRows(
      Object.values(profiles).map(({ name, title }) => [name, title]),
      width,
    ),
    '',
    ...wrap('Settings (--set key=value): ratelab list --settings', width),
  ].join('\n')
}

/** Returns the keys of `--set` as text for people, in lines of at most `width` columns. */
export function settingsText(width: number): string {
  return [
    ...wrap('Switches of the provider: key, default, possible values, assumption or fact, meaning', width),
    ...alignedRows(switchRows(switchTable), width),
    '',
    ...wrap('Switches of the wire (ratelab serve), in the same columns', width),
    ...alignedRows(switchRows(wireSwitchTable), width),
    '',
    ...wrap('Limits of the model, in place of those of the profile, in every case', width),
    `  ${limitsKey}=rpm:600,tpm:1000000/60s`,
    '',
    ...wrap('Numbers of the cases: --set changes a number in every case that has it (times are in ms)', width),
    ...caseKeys.map((key) => `  ${key}`),
    '',
    ...wrap('Numbers of tenants, of others and of changes of limits: N is the place in the list, from 0', width),
    ...Object.entries(listKeys).flatMap(([list, { own, hasTraffic }]) =>
      [...own, ...(hasTraffic ? ['arrivals.…', 'lengths.…'] : [])].map((key) => `  ${list}.N.${key}`),
    ),
  ].join('\n')
}

function switchRows(table: SwitchTable): string[][] {
  return Object.entries(table).map(([name, row]) => {
    const { default: value, values, label } = row
    const choice = Array.isArray(values) ? values.join(' | ') : 'number'
    return [name, String(value), choice, `${label}: ${aboutSwitch(row)}`]
  })
}
