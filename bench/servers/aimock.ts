import { LLMock } from '@copilotkit/aimock'

// The mock server of @copilotkit/aimock with one fixture. argv: the text of its answer.
const mock = new LLMock({ port: 0, logLevel: 'silent' })
mock.onMessage(/.*/, { content: process.argv[2]! })
await mock.start()
process.send?.(Number(new URL(mock.url).port))
