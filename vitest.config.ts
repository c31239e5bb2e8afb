import { defineConfig } from 'vitest/config'

// `unit` needs Node alone, `wire` also sockets, `architecture` reads the tree's own text, `reports` runs the committed ones again, `integration` runs whole programs.
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
          sequence: { groupOrder: 0 },
          // A busy machine is slow, and no test is about real time.
          testTimeout: 60_000,
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['test/{integration,architecture,reports,wire}/**'],
        },
      },
      // Real sockets on the loopback interface, and real time.
      {
        test: {
          name: 'wire',
          include: ['test/wire/**/*.test.ts'],
          testTimeout: 30_000,
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
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
