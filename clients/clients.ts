import { aiSdk } from './ai-sdk.ts'
import { langchain } from './langchain.ts'
import { openaiNode } from './openai-node.ts'
import { dashscopePython, openaiPython } from './python-clients.ts'
import type { Client } from './task.ts'
import { type Sdk, throughStrategies } from './through-strategy.ts'

/** The clients that take a `fetch`. */
export const sdks: readonly Sdk[] = [openaiNode, aiSdk, langchain]

/** The clients in the order of the report: as they are, and then those that take a `fetch`, with strategies. */
export const clients: readonly Client[] = [
  openaiNode.client,
  openaiPython,
  dashscopePython,
  aiSdk.client,
  langchain.client,
  ...sdks.flatMap(throughStrategies),
]
