import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// A study of a test starts threads, which load the sources as Node does: they share what one of them has compiled, as those of `ratelab` do.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache')

// `unit` needs Node alone, `wire` also sockets, `architecture` reads the tree's own text, `reports` runs the committed ones again, `integration` and
// `soak` run whole programs.
export default defineConfig({
  test: {
    projects: [
      {
        // The examples import the package by its name: here that is the source.
        resolve: {
          alias: [
            { find: /^ratelab$/, replacement: `${import.meta.dirname}/src/ratelab.ts` },
            { find: /^ratelab\/lab$/, replacement: `${import.meta.dirname}/lab/ratelab-lab.ts` },
            { find: /^ratelab\/mock$/, replacement: `${import.meta.dirname}/sim/ratelab-mock.ts` },
            { find: /^ratelab\/msw$/, replacement: `${import.meta.dirname}/sim/skins/fetch/msw.ts` },
            { find: /^ratelab\/contracts$/, replacement: `${import.meta.dirname}/contracts/ratelab-contracts.ts` },
          ],
        },
        test: {
          name: 'unit',
          // Its tests wait for nothing, so that they may share all of a machine. Those of `wire` follow alone.
          maxWorkers: '100%',
          // Modules have no state that one test leaves to another, and to load them anew for each file would take a third of the time.
          isolate: false,
          sequence: { groupOrder: 0 },
          // A busy machine is slow, and no test is about real time.
          testTimeout: 120_000,
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['test/{integration,architecture,reports,wire}/**'],
        },
      },
      // Real sockets on the loopback interface, and real time.
      {
        test: {
          name: 'wire',
          include: ['test/wire/**/*.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { name: 'reports', include: ['test/reports/**/*.test.ts'] } },
      { test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: ['test/integration/soak.test.ts'],
          // Most programs wait for timers, for the network or for each other, so that files may share the machine.
          maxWorkers: '100%',
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      // A server at 80 % of what the machine can do needs all of it.
      {
        test: {
          name: 'soak',
          include: ['test/integration/soak.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          testTimeout: 180_000,
        },
      },
    ],
  },
})
