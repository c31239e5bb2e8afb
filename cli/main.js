#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled and type-stripped sources are kept between runs; workers share them. This file alone is JavaScript: nothing is kept
// yet when Node loads it, and to strip one file of types it would load a compiler, a third of all that precedes the first output.
enableCompileCache()
const { program } = await import('./program.ts')
await program(process.argv)
