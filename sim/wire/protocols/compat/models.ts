import { BadRequest } from '../../request/bad-request.ts'
import type { Lookup } from '../lookup.ts'

/** The path of the list of models. The path of one model is below it. */
export const modelsPath = '/compatible-mode/v1/models'

/** `GET /compatible-mode/v1/models`: the models of the profile. */
export const listModels: Lookup = (_request, { profile }) => ({
  object: 'list',
  data: Object.keys(profile.models).map(modelOf),
})

/** `GET /compatible-mode/v1/models/{id}`: one model of the profile. */
export const showModel: Lookup = ({ path }, { profile }) => {
  const id = decoded(path.slice(modelsPath.length + 1))
  if (Object.hasOwn(profile.models, id)) return modelOf(id)
  throw new BadRequest({ name: 'unknown-model', detail: id })
}

/** The first day of 2025, seconds since 1970. It stands for all models, since their dates are not documented. */
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
