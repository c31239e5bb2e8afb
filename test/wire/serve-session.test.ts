import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { listening } from '../../cli/process/listening.ts'
import { watchConfig } from '../../cli/serve/config-watch.ts'
import { type ServeSession, startServing } from '../../cli/serve/session.ts'
import type { ServeConfig } from '../../sim/config/serve-config.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { scratchFolder } from '../scratch-folder.ts'

const { scratch } = scratchFolder('serve')

const open: ServeSession[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close(0)))
})

async function started(config: ServeConfig): Promise<ServeSession> {
  const session = await startServing({ port: 0, ...config }, () => {})
  open.push(session)
  return session
}

const slow = { firstToken: 50, tokensPerSecond: 100, latencySpread: 0 }

function chat({ server }: ServeSession, fields: object = {}, key = 'sk-ratelab'): Promise<Response> {
  return fetch(`${server.origin}/compatible-mode/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hi' }], ...fields }),
  })
}

describe('a session', () => {
  test('changes limits, accounts, switches and speed during a stream', async () => {
    const before = { switches: slow, accounts: [{ name: 'a', keys: ['sk-ratelab'] }] }
    const session = await started(before)
    const stream = await chat(session, { stream: true, max_tokens: 40 })
    const limits = { 'qwen-plus': [{ rule: 'rpm', limit: 1, window: 60_000 }] } as const
    const accounts = [...before.accounts, { name: 'b', keys: ['sk-b'] }]
    const after = { ...before, limits, accounts, speed: 2, port: 1234 }
    expect(session.applyConfig(after)).toEqual({
      applied: ['accounts', 'limits.qwen-plus', 'speed'],
      needRestart: ['port'],
    })
    expect(session.timeline.speed()).toBe(2)
    expect((await chat(session, { max_tokens: 1 }, 'sk-b')).status).toBe(200)
    expect((await chat(session, { max_tokens: 1 }, 'sk-b')).status).toBe(429)
    expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/)
    // This returns to the defaults.
    session.applyConfig({ switches: slow })
    expect((await chat(session, {}, 'sk-b')).status).toBe(401)
    expect(session.timeline.speed()).toBe(1)
  })

  test('keeps the config in force when it refuses another one, all of it', async () => {
    const session = await started({})
    const { setup } = session.mock
    const name = 'a-model-of-another-profile'
    const limits = { 'qwen-plus': [{ rule: 'rpm', limit: 1, window: 60_000 }] } as const
    const refused = { limits, speed: 2, faults: [{ match: { model: name }, when: 'always', do: { error: 'tokens' } }] }
    expect(() => session.applyConfig(refused as ServeConfig)).toThrow('`changes.faults[0].match.model`')
    expect(session.mock.setup).toBe(setup)
    expect(session.timeline.speed()).toBe(1)
    expect(session.applyConfig({ port: 0, limits })).toEqual({ applied: ['limits.qwen-plus'], needRestart: [] })
  })

  test('reports fields that need a restart until the file has the values in force again', async () => {
    const session = await started({ seed: 1 })
    expect(session.applyConfig({ port: 0, seed: 2 })).toEqual({ applied: [], needRestart: ['seed'] })
    expect(session.applyConfig({ port: 0, seed: 2, speed: 2 })).toEqual({ applied: ['speed'], needRestart: ['seed'] })
    expect(session.applyConfig({ port: 0, seed: 1, speed: 2 })).toEqual({ applied: [], needRestart: [] })
  })

  test('lets a stream end before it closes, and takes no new request', async () => {
    const session = await started({ switches: slow })
    const stream = await chat(session, { stream: true, max_tokens: 30 })
    const closing = session.close(10_000)
    await expect(chat(session)).rejects.toThrow()
    expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/)
    await closing
  })

  test('does not wait for requests whose time is paused', async () => {
    const session = await started({ speed: 0 })
    const never = chat(session).catch((error: Error) => error)
    while (session.mock.inFlight === 0) await systemClock.sleep(5)
    await session.close(60_000)
    expect(await never).toBeInstanceOf(Error)
  })

  test('has its control plane, with the token of the config', async () => {
    const { server } = await started({ controlToken: 'secret' })
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${server.origin}/_ratelab/healthz`, { headers })).status
    expect(await status({ authorization: 'Bearer secret' })).toBe(200)
    expect(await status({})).toBe(403)
  })

  test('reports a remedy for a port or a host that cannot be used', async () => {
    const { server } = await started({})
    await expect(started({ port: server.port })).rejects.toThrow(InputError)
    await expect(started({ port: server.port })).rejects.toThrow(
      /`--port` to be free, but another program listens on \d+: name/,
    )
    await expect(started({ host: '192.0.2.1' })).rejects.toThrow(
      /`--host` to be an address of this machine, got 192\.0\.2\.1/,
    )
    const privileged = () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))
    await expect(listening(80, 'x', privileged)).rejects.toThrow(/got 80: use one above 1023/)
  })
})

describe('the watch on a config file', () => {
  test.each([
    ['is written', (path: string) => writeFileSync(path, '{"seed": 2}')],
    [
      'is replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, '{"seed": 2}')
        renameSync(`${path}.new`, path)
      },
    ],
  ])('calls back once when the file %s, in any number of steps', async (name, change) => {
    const path = join(scratch, `${name}.json`)
    writeFileSync(path, '{}')
    let changes = 0
    const stop = watchConfig(
      path,
      systemClock,
      () => changes++,
      ({ message }) => expect.unreachable(message),
    )
    await systemClock.sleep(150)
    changes = 0
    change(path)
    change(path)
    writeFileSync(join(scratch, 'another.json'), '')
    while (changes === 0) await systemClock.sleep(10)
    await systemClock.sleep(200)
    expect(changes).toBe(1)
    stop()
    change(path)
    await systemClock.sleep(200)
    expect(changes).toBe(1)
  })

  test('calls back when the target of a link is written', async () => {
    const folder = join(scratch, 'elsewhere')
    mkdirSync(folder)
    const target = join(folder, 'real.json')
    writeFileSync(target, '{}')
    const link = join(scratch, 'link.json')
    symlinkSync(target, link)
    let changes = 0
    const stop = watchConfig(
      link,
      systemClock,
      () => changes++,
      ({ message }) => expect.unreachable(message),
    )
    writeFileSync(target, '{"seed": 2}')
    for (let i = 0; changes === 0 && i < 100; i++) await systemClock.sleep(10)
    expect(changes).toBe(1)
    stop()
  })
})
