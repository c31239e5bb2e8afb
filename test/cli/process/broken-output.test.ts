import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { surviveBrokenOutput } from '../../../cli/process/broken-output.ts'

test.each([
  ['EPIPE', false],
  ['ECONNRESET', false],
  ['ENOSPC', true],
  ['EIO', true],
  ['EFBIG', true],
])('an output that cannot be written for %s does not end the process; text is lost: %s', (code, isLost) => {
  const outputs = { 'standard output': new EventEmitter(), 'standard error': new EventEmitter() }
  const told: string[] = []
  const isOutputLost = surviveBrokenOutput(outputs, (line) => told.push(line))
  expect(isOutputLost()).toBe(false)
  for (const output of Object.values(outputs))
    for (let i = 0; i < 3; i++) output.emit('error', Object.assign(new Error('no'), { code }))
  expect(isOutputLost()).toBe(isLost)
  expect(told).toEqual(
    Object.keys(outputs).flatMap((name) =>
      isLost ? [`ratelab: ${name} cannot be written (no); the work goes on without it`] : [],
    ),
  )
})
