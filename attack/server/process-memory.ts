import { readFileSync } from 'node:fs'
import { type Millis, systemClock } from '../../src/ratelab.ts'

/** The resident memory of a process over time. It is 0 on systems without `/proc`. */
export interface MemoryWatch {
  /** Bytes, at the time of the call. */
  now(): number
  /** The highest of all samples, bytes. */
  peak(): number
  /** By which factor memory has grown after the first minute. Undefined when the watch lasted less than two minutes. */
  growth(): number | undefined
  stop(): void
}

const minute: Millis = 60_000
const sampleEvery: Millis = 250

export function watchMemory(pid: number): MemoryWatch {
  const started = systemClock.now()
  const samples: (readonly [at: Millis, bytes: number])[] = []
  const over = new AbortController()
  const sample = () => {
    const bytes = residentBytes(pid)
    if (bytes > 0) samples.push([systemClock.now() - started, bytes])
    return bytes
  }
  const keepSampling = async () => {
    for (;;) {
      sample()
      await systemClock.sleep(sampleEvery, over.signal)
    }
  }
  keepSampling().catch(() => {})
  return {
    now: sample,
    peak: () => samples.reduce((most, [, bytes]) => Math.max(most, bytes), 0),
    growth() {
      const settled = samples.filter(([at]) => at >= minute).map(([, bytes]) => bytes)
      if ((samples.at(-1)?.[0] ?? 0) < 2 * minute) return undefined
      const third = Math.floor(settled.length / 3)
      return middle(settled.slice(-third)) / middle(settled.slice(0, third))
    },
    stop: () => over.abort(),
  }
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function residentBytes(pid: number): number {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The process that a command has started in the end: a command such as npx starts the server as a child of a child. */
export function lastDescendant(pid: number): number {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return child === undefined ? pid : lastDescendant(Number(child))
  } catch {
    return pid
  }
}
