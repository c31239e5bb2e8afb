import { type DefectListener, guarded, tellDefect } from '../../defects/guard.ts'
import { defectReport } from '../../defects/report.ts'
import type { Answer, Handling, RequestHandler, WholeAnswer, WireRequest } from '../exchange.ts'
import { ownAnswer } from './own-answer.ts'
import { envelopeOf } from './routes.ts'

/** A handler as a skin drives it: nothing of it throws, and no answer rejects. */
export interface GuardedHandler {
  readonly onDefect: DefectListener
  handle(request: WireRequest): GuardedHandling
}

/** Guards a skin against its handler: what throws or rejects ends in the documented error 500, or in a connection that breaks within its stream. */
export function guardedHandler(handler: RequestHandler): GuardedHandler {
  const { onDefect = defectReport() } = handler
  return {
    onDefect,
    handle(request) {
      const { path } = request
      const handled = () => new GuardedHandling(handler.handle(request), path, onDefect)
      return guarded(onDefect, handled, () => new GuardedHandling(failedHandling(path), path, onDefect))
    },
  }
}

function failedHandling(path: string): Handling {
  return { answer: Promise.resolve(internalError(path)), hangUp: () => {} }
}

function internalError(path: string): WholeAnswer {
  return ownAnswer(envelopeOf(path), { name: 'internal' })
}

/** A request that is being answered. It keeps nothing of the request but its path. */
export class GuardedHandling {
  /** Whether the body of the request is kept until there is an answer. */
  readonly keepsBody: boolean
  readonly #handling: Handling
  readonly #path: string
  readonly #onDefect: DefectListener

  constructor(handling: Handling, path: string, onDefect: DefectListener) {
    this.keepsBody = handling.keepsBody ?? false
    this.#handling = handling
    this.#path = path
    this.#onDefect = onDefect
  }

  /** Calls `deliver` once, when the skin can begin to send. */
  answered(deliver: (answer: Answer) => void): void {
    this.#handling.answer.then(
      (answer) => deliver(this.#guardedAnswer(answer)),
      (reason) => {
        tellDefect(this.#onDefect, reason)
        deliver(internalError(this.#path))
      },
    )
  }

  /** Tells the handler that the client is gone. */
  hangUp(): void {
    guarded(this.#onDefect, () => this.#handling.hangUp())
  }

  /** Ends the request because sending its answer has thrown. Returns the error 500 that is sent in its place. */
  fail(): WholeAnswer {
    this.hangUp()
    return internalError(this.#path)
  }

  #guardedAnswer(answer: Answer): Answer {
    if (answer.kind !== 'stream') return answer
    return {
      ...answer,
      start: (sink) =>
        guarded(
          this.#onDefect,
          () => answer.start(sink),
          () => {
            this.hangUp()
            sink.break()
          },
        ),
    }
  }
}
