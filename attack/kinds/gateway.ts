import { systemClock } from '../../src/ratelab.ts'
import type { Findings } from '../server/findings.ts'
import { besiege } from '../server/ground.ts'
import { openConnection } from '../traffic/connection.ts'
import { evilUpstream, misbehaviours } from '../traffic/evil-upstream.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { chatOf, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'

/** The keys of the accounts, which nobody but the upstream may see. */
const keys = ['sk-upstream-0123456789abcdef', 'sk-upstream-fedcba9876543210']

/** The time-outs of the gateway are short, so that the attack ends within minutes. */
const args = ['--connect-timeout=500ms', '--first-byte-timeout=500ms', '--idle-timeout=500ms', '--total-timeout=3s']

/** How long an answer may take at most: the whole time-out, and a margin for a busy machine, milliseconds. */
const patience = 10_000

/** The most resident memory of a gateway, bytes. A whole reply may have 64 MiB. */
const mostMemory = 800 * 2 ** 20

/** Targets that a gateway must not pass on: what is behind it would open it with the key of an account. */
const forbiddenTargets = [
  '/_ratelab/state',
  '/v1/../_ratelab/clock',
  '/v1/%2e%2e/_ratelab/clock',
  '/v1/..%2f_ratelab/clock',
  '/v1//../_ratelab',
  '/v1/..\\_ratelab\\clock',
  '/v1/%5c../_ratelab',
  '/v1/./files',
  '/v1/files',
  '/v1/models/../files',
  '/v1/fine_tuning/jobs',
  '/v1/chat/completions/../../files',
  '/v1/chat/completions/..;/files',
  '/v1;/files',
  '/V1/FILES',
  '/v1/chat/completions%00/files',
  '/v1/%63hat/../files',
  '/v1/chat%2fcompletions/../files',
  '/api/v1/models/limits',
  '/v1/organization/api_keys',
  '/',
  'http://127.0.0.1:1/v1/files',
  'http://a@127.0.0.1/_ratelab/state',
  '//127.0.0.1/v1/files',
  '/v1/chat/completions/%2e%2e/%2e%2e/files',
]

/** What the upstream may see. */
const allowedTarget =
  /^POST \/v1\/(?:chat\/completions|completions|embeddings|responses|messages)(?:\?\S*)? HTTP\/1\.1$|^GET \/v1\/models(?:\/[\w.-]+)? HTTP\/1\.1$/

export const gatewayAttack: Attack = {
  about:
    'a gateway before an upstream that hangs, breaks off, lies, never ends and repeats keys; paths that must not pass',
  async run(ground) {
    const { findings, isShort } = ground
    const upstream = await evilUpstream()
    const demands = {
      subcommand: 'gateway' as const,
      args: [...args, '--upstream', `http://127.0.0.1:${upstream.port}/v1`],
      env: { RATELAB_UPSTREAM_KEYS: keys.join('\n') },
      secrets: keys,
      mostMemory,
    }
    try {
      await besiege(ground, demands, async ({ port }) => {
        const inputs = Object.keys(misbehaviours).flatMap((name) => [false, true].map((stream) => ({ name, stream })))
        for (let round = 0; round < (isShort ? 1 : 5); round++)
          for (let i = 0; i < inputs.length; i += 8)
            await Promise.all(inputs.slice(i, i + 8).map(({ name, stream }) => askFor(port, name, stream, findings)))
        for (const target of forbiddenTargets)
          for (const method of ['POST', 'GET'])
            await ask(port, `${method} ${target}`, requestBytes(target, chatOf(), [], method), findings)
        // The gateway may let an account rest that has failed, but not for ever.
        await systemClock.sleep(isShort ? 2000 : 60_000)
        const status = await askFor(port, 'good', false, findings)
        if (status !== 200) findings.problem(`a good request after the evil ones got the status ${status}`)
      })
      for (const target of new Set(upstream.targets))
        if (!allowedTarget.test(target)) findings.problem(`the upstream has seen ${target}`)
    } finally {
      upstream.close()
    }
  },
}

function askFor(port: number, name: string, stream: boolean, findings: Findings): Promise<number | undefined> {
  const bytes = requestBytes('/v1/chat/completions', chatOf({ model: name, stream }))
  return ask(port, `an upstream that ${name}${stream ? ', for a stream' : ''}`, bytes, findings)
}

/** Sends a request and reads until the gateway has answered or closed the connection. Returns the status. */
async function ask(port: number, what: string, bytes: Buffer, findings: Findings): Promise<number | undefined> {
  const asked = systemClock.now()
  const { socket, heard, until, isClosed } = openConnection(port)
  socket.write(bytes)
  let size = 0
  // An endless stream is long: it is read again when it has doubled, or when its last chunk has come.
  const isComplete = (text: string) => {
    if (text.length < 2 * size && !text.endsWith('0\r\n\r\n')) return false
    size = text.length > 100_000 ? text.length : 0
    return readReplies(text, { isOver: false }).replies.length > 0
  }
  await until(isComplete, patience)
  const took = systemClock.now() - asked
  const text = heard()
  const { replies, problem } = readReplies(text, { isOver: isClosed() })
  findings.tried++
  findings.timed(took, what)
  socket.destroy()
  for (const key of keys) if (text.includes(key)) findings.problem(`${what}: the customer got the key ${key}`)
  if (problem !== undefined) findings.problem(`${what}: ${problem}`)
  const [answer] = replies
  findings.answered(answer?.status ?? (isClosed() ? 'cut' : 'late'))
  if (!answer && !isClosed()) findings.problem(`${what}: no end in ${patience} ms`)
  // A stream that has begun can only break off; a whole answer must come.
  if (!answer && isClosed() && !/^HTTP\/1\.1 200 /.test(text))
    findings.problem(`${what}: the connection closed without an answer`)
  if (answer && answer.status >= 600) findings.problem(`${what}: status ${answer.status}`)
  return answer?.status
}
