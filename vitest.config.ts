import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** How long a test waits for what comes by itself: never what decides it, so far beyond what a loaded machine needs. */
const expect = { poll: { timeout: 15_000, interval: 20 } }

/** Preset is one less than the machine has, on two cores one; but the longest files wait for a switch or a ring. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

const alias = { electron: fileURLToPath(new URL('test/support/electron-stub.ts', import.meta.url)) }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/renderer/**'],
          maxWorkers,
          testTimeout: 30_000,
          expect,
        },
      },
      {
        plugins: [vue()],
        resolve: { alias },
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          environment: 'happy-dom',
          maxWorkers,
          testTimeout: 30_000,
          expect,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/support/build-console.ts',
          maxWorkers: 2,
          expect,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
