import { BadRequest } from './bad-request.ts'

/** Whether a model makes vectors, by its name. */
function embeds(model: string): boolean {
  return /(^|-)embedding(-|$)/.test(model)
}

/** Throws the error of a model that does not do what the path is for. */
export function expectMaker(model: string, makes: 'text' | 'vectors'): void {
  if (embeds(model) !== (makes === 'vectors')) throw new BadRequest({ name: 'unsupported-model', detail: model })
}
