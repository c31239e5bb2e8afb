import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { attemptsOf, summaryOf } from './observe.ts'
import { pythonVersions } from './python.ts'
import type { ClientResults } from './results.ts'
import { openScene, plainAnswer } from './scene.ts'
import { fastAnswers, key, model, prompt, type Situation, situationsOf } from './situation.ts'
import type { Client } from './task.ts'

const root = resolve(import.meta.dirname, '..')

/** Measures a client in every situation that is possible for it, all at the same time. Rejects when its packages are missing. */
export async function measureClients(client: Client): Promise<ClientResults> {
  const versions = versionsOf(client)
  if (typeof versions === 'string') throw new Error(versions)
  const situations = situationsOf(client)
  const scenes = await Promise.all(situations.map(sceneOf))
  const views = await client.perform(situations.map((situation, index) => taskOf(situation, scenes[index]!.origin)))
  const records = await Promise.all(scenes.map((scene) => scene.close()))
  const answer = await plainAnswer(fastAnswers, key, model, prompt)
  const rows = situations.map(({ name, title, advice }, index) => {
    const received = records[index]!
    const waits =
      advice !== undefined && client.obeysAdvice ? client.waits?.map(() => [advice, advice] as const) : client.waits
    return {
      situation: name,
      title,
      attempts: attemptsOf(received, waits),
      told: summaryOf(views[index]!, answer, received),
    }
  })
  return { name: client.name, title: client.title, versions, rows }
}

function sceneOf({ setup, isUsedUp = false, modelName: asked = model }: Situation) {
  return openScene(setup, isUsedUp ? [{ key, model: asked }] : [])
}

function taskOf({ key: own = key, modelName: asked = model, stream = false, variant }: Situation, origin: string) {
  return { origin, key: own, model: asked, prompt, stream, variant }
}

/** Returns the versions of a client's packages, or a sentence that says why they are missing. */
export function versionsOf({ language, packages }: Client): Readonly<Record<string, string>> | string {
  if (language === 'python') return pythonVersions(packages)
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
}
