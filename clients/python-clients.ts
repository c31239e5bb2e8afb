import { python } from './python.ts'
import type { Client } from './task.ts'

export const openaiPython: Client = {
  name: 'openai-python',
  title: 'openai, for Python',
  packages: ['openai'],
  language: 'python',
  protocol: 'compat',
  variants: [],
  waits: [
    [375, 500],
    [750, 1000],
  ],
  obeysAdvice: true,
  perform: (tasks) => python('openai_client.py', tasks),
}

export const dashscopePython: Client = {
  name: 'dashscope-python',
  title: 'dashscope, for Python',
  packages: ['dashscope'],
  language: 'python',
  protocol: 'native',
  variants: ['incremental', 'multimodal'],
  waits: [],
  obeysAdvice: false,
  perform: (tasks) => python('dashscope_client.py', tasks),
}
