import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import shipped from '../../vite.config.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The gallery: the console as `vite.config.ts` builds it, entered by another door. Beside `out`, which is what is packed.
 */
export default defineConfig({
  ...shipped,
  root: here('.'),
  publicDir: false,
  build: { ...shipped.build, outDir: here('../../.cache/gallery'), rolldownOptions: {} },
})
