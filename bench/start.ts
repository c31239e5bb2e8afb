import { spawn } from 'node:child_process'
import { quantile, sorted } from '../src/compare/statistics.ts'

/** Measures the time from the start of `ratelab serve` to its first answer. The mock runs at speed 60, so that the model's own time hardly counts. */
export async function start(): Promise<void> {
  const seconds: number[] = []
  for (let round = 0; round < 4; round++) seconds.push(await once())
  console.log('From the start of `ratelab serve` to its first answer, median of 3:')
  console.log(`  ${quantile(sorted(seconds.slice(1)), 0.5).toFixed(2)} s`)
}

async function once(): Promise<number> {
  const started = performance.now()
  const server = spawn(process.execPath, ['cli/main.js', 'serve', '--port', '0', '--speed', '60x', '--json'])
  try {
    const card = await new Promise<string>((resolve, reject) => {
      let text = ''
      server.stdout.on('data', (data: Buffer) => {
        text += data
        if (text.includes('\n')) resolve(text)
      })
      server.on('exit', (code) => reject(new Error(`ratelab serve ended with exit code ${code}`)))
    })
    const { port } = JSON.parse(card) as { port: number }
    const reply = await fetch(`http://127.0.0.1:${port}/compatible-mode/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-ratelab' },
      body: JSON.stringify({ model: 'qwen3-max', max_tokens: 20, messages: [{ role: 'user', content: 'Hello' }] }),
    })
    await reply.json()
    return (performance.now() - started) / 1000
  } finally {
    server.removeAllListeners('exit')
    server.kill()
  }
}
