import { defineConfig } from 'vitest/config'

// `unit` needs Node alone, `architecture` reads the tree's own text, `reports` runs the committed ones again, `integration` runs whole programs.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{integration,architecture,reports}/**'],
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
