import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { connectorManifests } from './scripts/connector-manifests.ts'
import { interpreterFiles } from './scripts/interpreter-files.ts'
import { workerEntries } from './scripts/worker-entries.ts'

/** Builds the headless host and its command line into `out/headless`; packages but zod stay in `node_modules`. */
export default defineConfig({
  publicDir: false,
  plugins: [connectorManifests(), interpreterFiles()],
  // Of zod a fifth is in use; the rest, the words of fifty languages among it, would stay in memory all the time.
  ssr: { noExternal: ['zod'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/headless',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rollupOptions: {
      input: {
        cli: resolve(import.meta.dirname, 'headless/cli.ts'),
        ...workerEntries(import.meta.dirname),
      },
      // All in one folder: the program finds the screens beside it.
      output: { chunkFileNames: '[name].js' },
    },
  },
})
