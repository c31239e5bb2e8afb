import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { attemptsOf, summaryOf } from './observe.ts'
import { pythonVersions } from './python.ts'
import type { ClientResults } from './results.ts'
import { open, plainAnswer } from './scene.ts'
import { key, model, prompt, type Situation, situationsOf, swift } from './situation.ts'
import type { Client } from './task.ts'

const root = resolve(import.meta.dirname, '..')

/** Puts a client into every situation that it can meet, all at once. Rejects when its packages are missing. */
export async function measureClients(client: Client): Promise<ClientResults> {
  const versions = versionsOf(client)
  if (typeof versions === 'string') throw new Error(versions)
  const met = situationsOf(client)
  const scenes = await Promise.all(met.map(sceneOf))
  const told = await client.perform(met.map((situation, index) => taskOf(situation, scenes[index]!.origin)))
  const records = await Promise.all(scenes.map((scene) => scene.close()))
  const answer = await plainAnswer(swift, key, model, prompt)
  const rows = met.map(({ name, title, advice }, index) => {
    const seen = records[index]!
    const waits =
      advice !== undefined && client.obeysAdvice ? client.waits.map(() => [advice, advice] as const) : client.waits
    return {
      situation: name,
      title,
      attempts: attemptsOf(seen, waits),
      told: summaryOf(told[index]!, answer, seen),
    }
  })
  return { name: client.name, title: client.title, versions, rows }
}

function sceneOf({ setup, isUsedUp = false, modelName: asked = model }: Situation) {
  return open(setup, isUsedUp ? [{ key, model: asked }] : [])
}

function taskOf({ key: own = key, modelName: asked = model, stream = false, manner }: Situation, origin: string) {
  return { origin, key: own, model: asked, prompt, stream, manner }
}

/** Of the packages behind a client, or why they cannot be had. */
export function versionsOf({ language, packages }: Client): Readonly<Record<string, string>> | string {
  if (language === 'python') return pythonVersions(packages)
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
}
