#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled and type-stripped sources are kept between runs; workers share them.
enableCompileCache()
const { program } = await import('./program.ts')
await program(process.argv)
