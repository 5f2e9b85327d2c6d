import { defineConfig } from 'electron-vite'

/** The desktop program's own processes; the console is built by `vite.config.ts`. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        // Side by side: the switch's program and the workers are found beside the code that starts them.
        input: {
          index: 'src/main/index.ts',
          serve: 'src/main/serve-process.ts',
          main: 'src/switch/embedded/process/main.ts',
          'file-worker': 'src/service/file-work/file-worker.ts',
          'record-worker': 'src/service/call-records/record-worker.ts',
          'journal-worker': 'src/service/journal/journal-worker.ts',
        },
        output: { format: 'es', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
})
