import { expectMaker } from '../../request/parameters.ts'
import type { Protocol } from '../protocol.ts'
import { ResponsesFrames } from './frames.ts'
import { type ResponsesAsked, responsesRequest } from './request.ts'
import { responseEnd, responseShell } from './spelling.ts'

/**
 * `POST /compatible-mode/v1/responses`: OpenAI's Responses protocol as Model Studio speaks it. The objects are OpenAI's. Errors and the frames of
 * streams are those of the native protocol.
 */
export const responsesApi: Protocol<ResponsesAsked> = {
  name: 'responses',
  envelope: 'native',
  unknownModel: 'unknown-responses-model',

  read(body) {
    const asked = responsesRequest(body)
    expectMaker(asked.model, 'text')
    return asked
  },

  whole: (asked, completion) => ({ ...responseShell(asked, completion), ...responseEnd(completion) }),

  frames: (asked, completion) => new ResponsesFrames(asked, completion),
}
