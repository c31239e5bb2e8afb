import type { Clock, Millis } from '../../src/core/clock.ts'
import { duration } from '../../src/report/figures/figures.ts'
import { outputWidth, type TerminalFacts } from './output-width.ts'
import { timeLeft } from './time-left.ts'

/** Shows how many runs of a study have ended, and how long the rest takes. */
export interface ProgressDisplay {
  /** Takes note that this number of runs has ended. */
  update(done: number): void
  /** Removes what can be removed. */
  clear(): void
}

/** Where progress is shown. */
export interface ProgressOutput {
  write(text: string): void
  /** The width of a terminal whose last line can be written again, in columns. Default: there is none, and progress is shown as lines. */
  readonly rewritableWidth?: number
}

/** The width of a terminal that does not tell its own, in columns. */
const usualTerminalWidth = 80

/** Returns the output for a stream. A terminal that calls itself `dumb` cannot write its last line again, and gets separate lines. */
export function progressOutput(
  stream: TerminalFacts & Pick<ProgressOutput, 'write'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ProgressOutput {
  const isRewritable = stream.isTTY && environment.TERM !== 'dumb'
  return {
    write: (text) => stream.write(text),
    ...(isRewritable && { rewritableWidth: outputWidth(stream, usualTerminalWidth, environment) }),
  }
}

/** The state of a study at one instant. */
interface ProgressState {
  /** What is counted, in the plural. */
  readonly noun: string
  readonly done: number
  readonly total: number
  /** The time since the start. */
  readonly elapsed: Millis
  /** The time until the end. Absent as long as it cannot be told. */
  readonly left: Millis | undefined
}

/** Returns a display for `total` runs, or other parts of a study that `noun` names: on a terminal one line that is written again, elsewhere a line every 10 %. */
export function progressDisplay(total: number, clock: Clock, output: ProgressOutput, noun = 'runs'): ProgressDisplay {
  const start = clock.now()
  const prediction = timeLeft(total)
  const { rewritableWidth: width } = output
  const { show, clear } = width === undefined ? separateLines(output) : rewrittenLine(output, width)
  return {
    update(done) {
      const elapsed = clock.now() - start
      show({ noun, done, total, elapsed, left: prediction.at(elapsed, done) })
    },
    clear,
  }
}

interface ProgressStyle {
  show(state: ProgressState): void
  clear(): void
}

/** The least time between two writings of the line. */
const rewritePause: Millis = 100

function rewrittenLine(output: ProgressOutput, width: number): ProgressStyle {
  let writtenAt = -Infinity
  return {
    show(state) {
      if (state.elapsed - writtenAt < rewritePause && state.done < state.total) return
      writtenAt = state.elapsed
      output.write(`\r${progressLine(state, width)}\x1b[K`)
    },
    clear: () => output.write('\r\x1b[K'),
  }
}

/** Returns the longest form of the line that leaves the last column free. A terminal may break a line that fills its width. */
function progressLine(state: ProgressState, width: number): string {
  const { noun, done, total } = state
  const filled = Math.floor((20 * done) / total)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
  const facts = [`${percentOf(state)} %`, `${done} of ${total} ${noun}`, ...timeFacts(state)]
  const forms = [`${bar} ${facts.join(' · ')}`, ...facts.map((_, i) => facts.slice(0, facts.length - i).join(' · '))]
  return forms.find(({ length }) => length < width) ?? ''
}

function separateLines(output: ProgressOutput): ProgressStyle {
  let shownTenths = 0
  return {
    show(state) {
      const tenths = Math.floor((10 * state.done) / state.total)
      // A study that ends before the time left can be told needs no lines. There is no line for 100 %, because the report follows.
      if (tenths === shownTenths || tenths === 10 || state.left === undefined) return
      shownTenths = tenths
      output.write(
        `${percentOf(state)} %: ${[`${state.done} of ${state.total} ${state.noun}`, ...timeFacts(state)].join(', ')}\n`,
      )
    },
    clear: () => {},
  }
}

function percentOf({ done, total }: ProgressState): number {
  return Math.floor((100 * done) / total)
}

function timeFacts({ elapsed, left }: ProgressState): string[] {
  return [
    `${inSeconds(elapsed, Math.floor)} elapsed`,
    ...(left === undefined ? [] : [`about ${inSeconds(left, Math.ceil)} left`]),
  ]
}

function inSeconds(time: Millis, round: (seconds: number) => number): string {
  return duration(1000 * round(time / 1000))
}
