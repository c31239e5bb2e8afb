import { BadRequest } from '../../request/bad-request.ts'
import type { Lookup } from '../lookup.ts'

/** The path of the list; a model's own is below it. */
export const modelsPath = '/compatible-mode/v1/models'

/** `GET /compatible-mode/v1/models`: what the profile has. */
export const listModels: Lookup = (_request, { profile }) => ({
  object: 'list',
  data: Object.keys(profile.models).map(modelOf),
})

/** `GET /compatible-mode/v1/models/{id}`. */
export const showModel: Lookup = ({ path }, { profile }) => {
  const id = decoded(path.slice(modelsPath.length + 1))
  if (Object.hasOwn(profile.models, id)) return modelOf(id)
  throw new BadRequest({ name: 'unknown-model', detail: id })
}

/** When a model was created is not documented: the first day of 2025 stands for all of them. */
const created = 1_735_689_600

function modelOf(id: string): object {
  return { id, object: 'model', created, owned_by: 'system' }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
