import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, systemClock } from '../../src/ratelab.ts'
import type { Findings } from '../server/findings.ts'
import { besiege } from '../server/ground.ts'
import { chatAddress, chatOf, knownKey, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'
import { sendAll } from './send-all.ts'

/** The limit by which the last config is recognized in the state, requests a minute. */
const lastLimit = 4321

/** How long the last config may take to be in force, milliseconds. */
const patience = 10_000

/** A config that is right. The control plane is asked about another model, so that its limits do not win over those of the file. */
function rightConfig(limit: number): string {
  return JSON.stringify({
    limits: { 'qwen-plus': [{ rule: 'rpm', limit, window: 60_000 }] },
    switches: { burstGuard: limit % 2 === 0, window: ['sliding', 'fixed', 'bucket'][limit % 3] },
    wire: { answerTokens: 1 + (limit % 50) },
    faults: limit % 5 === 0 ? [{ when: { every: 3 }, do: { error: 'serving' } }] : [],
  })
}

/** What is written into the config file between two right versions. */
const wrongConfigs = [
  '',
  '{',
  '[]',
  'null',
  '\0'.repeat(100),
  '{"limits": {"qwen-plus": [{"rule": "rpm", "limit": -1, "window": 60000}]}}',
  '{"limits": {"qwen-plus": [{"rule": "rpm", "limit": 1e309, "window": 1}]}, "switches": {"window": "bucket"}}',
  '{"accounts": [{"name": "a", "keys": ["k"]}, {"name": "b", "keys": ["k"]}]}',
  '{"speed": "fast", "__proto__": {"port": 1}}',
  `{"faults": ${'['.repeat(5000)}${']'.repeat(5000)}}`,
  JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field${i}`, i]))),
]

/** Actions of the control plane: the path below `/_ratelab/`, and the body. Some of them are wrong. */
const actions: readonly (readonly [string, unknown])[] = [
  ['clock', { speed: 1000 }],
  ['clock', { speed: -1 }],
  ['clock', { paused: true }],
  ['clock', { paused: false }],
  ['clock', { paused: false, advance: 60_000 }],
  ['clock', { advance: 1e300 }],
  ['limits', { model: 'qwen-max', limits: [{ rule: 'rpm', limit: 100, window: 60_000 }] }],
  ['limits', { model: 'qwen-max', limits: [{ rule: 'rpm', limit: 1e15, window: 1 }] }],
  [
    'limits',
    {
      model: 'qwen-max',
      limits: [
        { rule: 'rpm', limit: 5, window: 60_000 },
        { rule: 'rpm', limit: 0, window: 0 },
      ],
    },
  ],
  ['quota', { model: 'qwen-max', factor: 1.5 }],
  ['quota', { model: 'qwen-max', factor: 1000 }],
  ['faults', { faults: [{ when: 'always', do: { delay: 5 } }] }],
  ['faults', { faults: 'none' }],
  ['billing', { arrears: true }],
  ['billing', { arrears: false, freeTokens: 1e6, payable: true }],
  ['reset', {}],
  ['reset', { seed: 7 }],
  ['nothing', {}],
]

export const reload: Attack = {
  about:
    'a config file that is rewritten hundreds of times, whole, half and wrong, and actions of the control plane, while requests run',
  async run(ground) {
    const { random, findings, folder, isShort } = ground
    const config = join(folder, 'serve.json')
    writeFileSync(config, rightConfig(600))
    const args = ['--config', config, '--speed', '100x']
    await besiege(ground, { args, isReset: true }, async (victim) => {
      const { port, origin, signal, hasEnded } = victim
      let isOver = false
      const requests = function* () {
        while (!isOver) {
          const bytes = requestBytes(chatAddress, chatOf({ stream: random.next() < 0.5, max_tokens: 20 }))
          yield { what: 'a chat during reloads', path: chatAddress, bytes }
        }
      }
      const traffic = sendAll(requests(), { ...ground, port, connections: 8, within: 20_000 })
      for (let i = 0; i < (isShort ? 60 : 600) && !hasEnded(); i++) {
        findings.tried++
        rewrite(config, 1 + i, random)
        if (random.next() < 0.2) signal('SIGHUP')
        await Promise.all(Array.from({ length: 3 }, () => act(origin, random, findings)))
        await systemClock.sleep(random.next() * 50)
      }
      isOver = true
      await post(origin, 'clock', { paused: false })
      await traffic
      writeFileSync(config, rightConfig(lastLimit))
      signal('SIGHUP')
      await expectLastConfig(origin, findings)
    })
  },
}

/** Writes the next version of the file: a right one, a part of one, a wrong one, or none. */
function rewrite(file: string, version: number, random: Random): void {
  const config = rightConfig(version)
  const draw = random.next()
  if (draw < 0.05) rmSync(file, { force: true })
  else if (draw < 0.3) writeFileSync(file, config.slice(0, Math.floor(random.next() * config.length)))
  else if (draw < 0.6) writeFileSync(file, wrongConfigs[version % wrongConfigs.length]!)
  else writeFileSync(file, config)
}

/** Performs an action of the control plane, and checks that it is applied or refused in the documented form. */
async function act(origin: string, random: Random, findings: Findings): Promise<void> {
  const [path, body] = actions[Math.floor(random.next() * actions.length)]!
  const what = `POST /_ratelab/${path} ${JSON.stringify(body)}`
  try {
    const reply = await post(origin, path, body)
    const { problems } = (await reply.json()) as { problems?: unknown }
    findings.answered(reply.status)
    if (![200, 400, 404, 409].includes(reply.status)) findings.problem(`${what}: status ${reply.status}`)
    if (reply.status !== 200 && !Array.isArray(problems)) findings.problem(`${what}: no list of problems`)
  } catch (error) {
    findings.problem(`${what}: ${(error as Error).message}`)
  }
}

function post(origin: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${origin}/_ratelab/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function expectLastConfig(origin: string, findings: Findings): Promise<void> {
  const until = systemClock.now() + patience
  let state = ''
  // A state shows the limits of a model when it has been asked; every request of the traffic asked this one.
  while (!state.includes(String(lastLimit)) && systemClock.now() < until) {
    await fetch(`${origin}${chatAddress}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${knownKey}` },
      body: chatOf(),
    }).catch(() => {})
    state = await fetch(`${origin}/_ratelab/state`).then(
      (reply) => reply.text(),
      () => '',
    )
    await systemClock.sleep(100)
  }
  if (!state.includes(String(lastLimit))) findings.problem(`the last config is not in force ${patience} ms later`)
}
