import { systemClock } from '../../src/ratelab.ts'
import { besiege, checkErrors, type Ground } from '../server/ground.ts'
import { endVictim, launch } from '../server/victim.ts'
import { before, openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { chatAddress, chatOf, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'

/** Signals after which a server goes on, and those after which it finishes its answers and ends with exit code 0. */
const survived = ['SIGHUP', 'SIGUSR1', 'SIGPIPE', 'SIGCONT', 'SIGWINCH'] as const
const ending = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const

/** How long a server may take to end, milliseconds. */
const patience = 20_000

export const signals: Attack = {
  about: 'every signal at random instants: while it starts, while it serves, and while streams are under way',
  async run(ground) {
    await besiege(ground, {}, async ({ signal, hasEnded, ended }) => {
      for (const name of ground.isShort ? survived : [...survived, ...survived, ...survived]) {
        signal(name)
        ground.findings.tried++
        await systemClock.sleep(100)
        if (hasEnded()) return ground.findings.problem(`${name} ended the server with ${await ended}`)
      }
    })
    for (const name of ending) await endUnderLoad(ground, name, ground.isShort ? 40 : 400)
    for (let i = 0; i < (ground.isShort ? 4 : 30); i++) await endAtStart(ground)
  },
}

/** Ends a server while streams are under way: each of them must be complete. */
async function endUnderLoad(ground: Ground, name: NodeJS.Signals, count: number): Promise<void> {
  const { findings, folder, command } = ground
  const args = ['serve', '--model-limit', 'qwen-plus=none', '--set', 'firstToken=500', '--set', 'answerTokens=60']
  const server = launch({ command, args, folder })
  while (!server.output().includes('\n') && !server.hasEnded()) await systemClock.sleep(20)
  const { port } = JSON.parse(server.output()) as { port: number }
  const connections = Array.from({ length: count }, () => openConnection(port))
  for (const { socket } of connections)
    socket.write(requestBytes(chatAddress, chatOf({ stream: true, max_tokens: 60 })))
  // Every stream has begun by then, and none has ended.
  await Promise.all(connections.map(({ until }) => until((heard) => heard.includes('data:'), patience)))
  server.signal(name)
  findings.tried++
  await Promise.all(connections.map(({ closed }) => closed(patience)))
  const complete = connections.filter(({ heard }) => readReplies(heard()).replies[0]?.body.endsWith('data: [DONE]\n\n'))
  for (const _ of complete) findings.answered(200)
  if (complete.length < count)
    findings.problem(`${name}: ${count - complete.length} of ${count} streams are not complete`)
  await before(server.ended, patience)
  if (!server.hasEnded()) findings.problem(`${name}: the server is alive ${patience} ms later`)
  const end = server.hasEnded() ? await server.ended : await endVictim(server, patience)
  if (end !== 0) findings.problem(`${name}: the server ended with ${end} instead of 0`)
  checkErrors(server.errors(), [], findings)
}

/** Ends a server while it starts. Before it has set up its own handlers the signal itself ends it. */
async function endAtStart({ findings, random, folder, command }: Ground): Promise<void> {
  const server = launch({ command, args: ['serve'], folder })
  const name = ending[Math.floor(random.next() * ending.length)]!
  await systemClock.sleep(random.next() * 600)
  server.signal(name)
  findings.tried++
  await before(server.ended, patience)
  if (!server.hasEnded()) findings.problem(`${name} at the start: the server is alive ${patience} ms later`)
  const end = server.hasEnded() ? await server.ended : await endVictim(server, patience)
  if (end !== 0 && end !== 130 && end !== 143 && end !== name)
    findings.problem(`${name} at the start: ended with ${end}`)
  checkErrors(server.errors(), [], findings)
}
