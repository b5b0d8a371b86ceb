import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { bundledPackages } from './scripts/bundled-packages.ts'
import { connectorManifests } from './scripts/connector-manifests.ts'
import { interpreterFiles } from './scripts/interpreter-files.ts'
import { workerEntries } from './scripts/worker-entries.ts'

/** Builds the headless host and its command line into `out/headless`; packages that it loads at every start are built in, as to find their files is a third of the start. */
export default defineConfig({
  publicDir: false,
  plugins: [connectorManifests(), interpreterFiles(), bundledPackages(false)],
  // Of zod a fifth is in use; the rest, the words of fifty languages among it, would stay in memory all the time.
  ssr: {
    noExternal: [/^@orpc\//, 'commander', 'croner', 'express', 'knex', 'liquidjs', 'ulid', 'undici', 'ws', 'zod'],
  },
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
      // What is only declared is left out where nothing uses it: a command is loaded for each time that it is given.
      treeshake: { moduleSideEffects: (id) => !/[\\/]core[\\/](?:domain|contract)[\\/]/.test(id) },
      // All in one folder: the program finds the screens beside it.
      output: { chunkFileNames: '[name].js' },
    },
  },
})
