import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quantile, sorted } from '../src/compare/statistics.ts'

interface Timing {
  readonly firstOutput: number
  readonly total: number
}

/** Measures the whole command as a user types it, with a warm compile cache. */
export async function burst(): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'ratelab-bench-'))
  try {
    await once(out)
    const timings = [await once(out), await once(out), await once(out)]
    console.log('The whole command `ratelab run burst` (20 seeds), warm, median of 3:')
    console.log(`  first output after ${quantile(sorted(timings.map((t) => t.firstOutput)), 0.5).toFixed(2)} s`)
    console.log(`  done after         ${quantile(sorted(timings.map((t) => t.total)), 0.5).toFixed(2)} s`)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function once(out: string): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let firstOutput = Number.NaN
    const onOutput = () => {
      if (Number.isNaN(firstOutput)) firstOutput = (performance.now() - started) / 1000
    }
    const command = spawn(process.execPath, ['cli/main.js', 'run', 'burst', '--out', out])
    command.stdout.on('data', onOutput)
    command.stderr.on('data', onOutput)
    command.on('error', reject)
    command.on('close', (code) =>
      code === 0
        ? resolve({ firstOutput, total: (performance.now() - started) / 1000 })
        : reject(new Error(`ratelab run burst ended with exit code ${code}`)),
    )
  })
}
