import { aiSdk, aiSdkThroughStrategy } from './ai-sdk.ts'
import { langchain, langchainThroughStrategy } from './langchain.ts'
import { openaiNode, openaiNodeThroughStrategy } from './openai-node.ts'
import { dashscopePython, openaiPython } from './python-clients.ts'
import type { Client } from './task.ts'

/** The clients in the order of the report: as they are, and then those that take a `fetch` with a strategy. */
export const clients: readonly Client[] = [
  openaiNode,
  openaiPython,
  dashscopePython,
  aiSdk,
  langchain,
  openaiNodeThroughStrategy,
  aiSdkThroughStrategy,
  langchainThroughStrategy,
]
