import { type DefectListener, guarded, tell } from '../../defects/guard.ts'
import { defectReport } from '../../defects/report.ts'
import type { Answer, Handling, RequestHandler, WholeAnswer, WireRequest } from '../exchange.ts'
import { ownAnswer } from './own-answer.ts'

/** A handler as a skin drives it: nothing of it throws, and no answer rejects. */
export interface GuardedHandler {
  readonly onDefect: DefectListener
  handle(request: WireRequest): GuardedHandling
}

/** A request that is being answered. */
export interface GuardedHandling extends Handling {
  /** Ends the request because sending its answer has thrown. Returns the error 500 that is sent in its place. */
  fail(): WholeAnswer
}

/** Guards a skin against its handler: what throws or rejects ends in the documented error 500, or in a connection that breaks within its stream. */
export function guardedHandler(handler: RequestHandler): GuardedHandler {
  const { onDefect = defectReport() } = handler
  return {
    onDefect,
    handle(request) {
      const { path } = request
      const handled = () => guardedHandling(handler.handle(request), path, onDefect)
      return guarded(onDefect, handled, () => guardedHandling(failedHandling(path), path, onDefect))
    },
  }
}

function failedHandling(path: string): Handling {
  return { answer: Promise.resolve(ownAnswer(path, { name: 'internal' })), hangUp: () => {} }
}

/** It is a function of its own so that what it returns does not keep the body of the request. */
function guardedHandling(handling: Handling, path: string, onDefect: DefectListener): GuardedHandling {
  const hangUp = () => guarded(onDefect, () => handling.hangUp())
  const error = () => ownAnswer(path, { name: 'internal' })
  return {
    answer: handling.answer.then(
      (answer) => guardedAnswer(answer, hangUp, onDefect),
      (reason) => {
        tell(onDefect, reason)
        return error()
      },
    ),
    hangUp,
    keepsBody: handling.keepsBody ?? false,
    fail() {
      hangUp()
      return error()
    },
  }
}

function guardedAnswer(answer: Answer, hangUp: () => void, onDefect: DefectListener): Answer {
  if (answer.kind !== 'stream') return answer
  return {
    ...answer,
    start: (sink) =>
      guarded(
        onDefect,
        () => answer.start(sink),
        () => {
          hangUp()
          sink.break()
        },
      ),
  }
}
