import type { Millis } from '../../src/ratelab.ts'
import type { Findings } from '../server/findings.ts'
import { answerProblem } from '../traffic/answer-check.ts'
import { askerOf } from '../traffic/asker.ts'

/** A request of an attack, in words and as bytes. */
export interface Input {
  readonly what: string
  readonly path: string
  readonly bytes: Buffer
}

/** How inputs are sent. */
export interface Sending {
  readonly port: number
  readonly findings: Findings
  /** How many connections send at the same time. Default: 1. */
  readonly connections?: number
  /** How long an answer may take, milliseconds. */
  readonly within: Millis
  /** Whether the server may break a connection instead of answering, as a fault plan demands. Default: false. */
  readonly mayCut?: boolean
  /** Looks at the status of an answer that is as documented. Default: every documented status is right. */
  readonly statusProblem?: (status: number) => string | undefined
}

/** After this number of answers that did not come in time nothing more is sent: a server that hangs would cost each input its time. */
const mostLate = 2

/** Sends each input in turn over kept connections, and checks each answer. */
export async function sendAll(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  { port, findings, connections = 1, within, mayCut = false, statusProblem = () => undefined }: Sending,
): Promise<void> {
  const all = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]()
  let late = 0
  const sendInTurn = async () => {
    const asker = askerOf(port)
    while (late < mostLate) {
      const next = await all.next()
      if (next.done) break
      const { what, path, bytes } = next.value
      const outcome = await asker.ask(bytes, within)
      findings.tried++
      if (outcome.kind === 'late') late++
      if (outcome.kind === 'answered') {
        const { answer, took } = outcome
        findings.answered(answer.status)
        findings.timed(took, what)
        // HEAD has no body, and Node's own HTTP server refuses bad headers without an envelope.
        const isBare = answer.body === ''
        const problem = (isBare ? undefined : answerProblem(path, answer)) ?? statusProblem(answer.status)
        if (problem !== undefined) findings.problem(`${what}: ${problem}`)
      } else {
        findings.answered(outcome.kind)
        if (outcome.kind === 'malformed') findings.problem(`${what}: ${outcome.problem}`)
        else if (outcome.kind === 'late' || !mayCut)
          findings.problem(`${what}: ${outcome.kind === 'late' ? `no answer in ${within} ms` : 'no answer'}`)
      }
    }
    asker.close()
  }
  await Promise.all(Array.from({ length: connections }, sendInTurn))
}
