import { aboutStrategies } from '../../lab/catalogue.ts'
import { loadScenario, scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { caseKeys } from '../../lab/settings.ts'
import { profiles } from '../../sim/profiles/profiles.ts'
import { wireSwitchTable } from '../../sim/wire/wire-switches.ts'
import { aboutSwitch, type SwitchTable } from '../../src/scenario/switch-table.ts'
import { switchTable } from '../../src/scenario/switches.ts'

/** Runs `ratelab list`, which prints the names that the other commands accept. With `settings` it prints the keys of `--set`. */
export async function listCommand({ settings = false }: { readonly settings?: boolean }): Promise<void> {
  console.log(settings ? settingsText() : await overview())
}

async function overview(): Promise<string> {
  const scenarios = await Promise.all(
    scenarioNames().map(async (name) => {
      const { title, question } = await loadScenario(scenarioFile(name), { set: [] })
      return `  ${name.padEnd(26)}${title}\n  ${''.padEnd(26)}${question}`
    }),
  )
  const strategies = aboutStrategies().map(({ name, about, options, terms }) => {
    const takes = options.length === 0 ? '' : `\n  ${''.padEnd(26)}Options: ${options.join(', ')}`
    const warning = terms === undefined ? '' : `\n  ${''.padEnd(26)}Caution: ${terms}`
    return `  ${name.padEnd(26)}${about}${takes}${warning}`
  })
  const profileLines = Object.values(profiles).map(({ name, title }) => `  ${name.padEnd(26)}${title}`)
  return [
    'Scenarios (ratelab run <scenario>)',
    ...scenarios,
    '',
    'Strategies (--strategies none,retry-full:attempts=5,base=500,./mine.ts)',
    ...strategies,
    '',
    'Profiles (--profile <name>)',
    ...profileLines,
    '',
    'Settings (--set key=value): ratelab list --settings',
  ].join('\n')
}

function settingsText(): string {
  return [
    'Switches of the provider: key, default, possible values, assumption or fact, meaning',
    ...switchLines(switchTable),
    '',
    'Switches of the wire (ratelab serve), in the same columns',
    ...switchLines(wireSwitchTable),
    '',
    'Numbers of the cases: --set changes a number in every case that has it (times are in ms)',
    `  ${caseKeys.join('\n  ')}`,
  ].join('\n')
}

function switchLines(table: SwitchTable): string[] {
  return Object.entries(table).map(([name, row]) => {
    const { default: value, values, label } = row
    const choice = Array.isArray(values) ? values.join(' | ') : 'number'
    return `  ${name.padEnd(18)}${String(value).padEnd(11)}${choice.padEnd(44)} ${label.padEnd(12)}${aboutSwitch(row)}`
  })
}
