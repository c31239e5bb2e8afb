import { type Command, Option } from 'commander'
import type { Millis } from '../../src/core/clock.ts'
import { lengthOfTime } from './option-values.ts'

/** Kubernetes kills a process 30 s after SIGTERM, and Docker after 10 s, unless they are told another time. */
const defaultGrace: Millis = 20_000

/** Adds the option for how long requests in flight may take after a signal. Its value is in milliseconds. */
export function addGraceOption(command: Command): Command {
  const hour = 3_600_000
  return command.addOption(
    new Option('--grace <time>', 'how long requests in flight may take after a signal that stops the server')
      .argParser(lengthOfTime('--grace', hour))
      .default(defaultGrace, `${defaultGrace / 1000}s`),
  )
}
