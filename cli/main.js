#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Node keeps compiled sources between runs, and workers share them. This file is JavaScript, because the cache is not yet on when
// Node loads it, and to strip types Node would load a compiler, which takes a third of the time before the first output.
enableCompileCache()
const { program } = await import('./program.ts')
await program(process.argv)
