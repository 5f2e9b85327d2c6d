import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const renderer = (path: string) => fileURLToPath(new URL(`src/renderer/${path}`, import.meta.url))

/**
 * Builds the console and the page `/caller` for the service to send, under a Content-Security-Policy of
 * `'self'` alone: nothing inline, nothing from outside, no eval.
 */
export default defineConfig({
  root: renderer(''),
  base: '/',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome130', 'firefox130', 'safari18'],
    // A data: address would need its own word in the policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'caller.html', 'card.html'].map(renderer) },
  },
})
