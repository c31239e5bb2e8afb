import { aiSdk } from './ai-sdk.ts'
import { langchain } from './langchain.ts'
import { openaiNode } from './openai-node.ts'
import { dashscopePython, openaiPython } from './python-clients.ts'
import type { Client } from './task.ts'

/** The clients in the order of the report. */
export const clients: readonly Client[] = [openaiNode, openaiPython, dashscopePython, aiSdk, langchain]
