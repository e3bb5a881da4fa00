// How web/ becomes web/dist: one page, one script, one style sheet, names with a hash. Nothing is inlined, because the
// shop sends Content-Security-Policy: default-src 'self', under which a data: URI or an inline tag would not load.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: true,
  },
  // `npm run dev` shows the page from source against a shop that runs beside it.
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
