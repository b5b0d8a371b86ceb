import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { bundledPackages, FROM_OUTSIDE } from './scripts/bundled-packages.ts'
import { connectorManifests } from './scripts/connector-manifests.ts'
import { interpreterFiles } from './scripts/interpreter-files.ts'
import { workerEntries } from './scripts/worker-entries.ts'

const here = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    plugins: [connectorManifests(), interpreterFiles(), bundledPackages()],
    build: {
      outDir: 'out/main',
      // Not packed, and kept with each release.
      sourcemap: 'hidden',
      // What is packed has no packages but those that are named here.
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: here('electron/main/index.ts'),
          ...workerEntries(import.meta.dirname),
        },
        external: FROM_OUTSIDE,
        output: {
          // All in one folder: a worker is found beside what starts it.
          chunkFileNames: '[name].js',
          // Names of errors stay. Those of functions are half a megabyte; `npm run read-crash` finds them, and the lines, in the maps.
          minify: {
            compress: true,
            mangle: { toplevel: true, keepNames: { function: false, class: true } },
            codegen: { removeWhitespace: true },
          },
          comments: false,
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: here('electron/preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react(), tailwindcss()],
    build: {
      outDir: here('out/renderer'),
      emptyOutDir: true,
      // electron-vite leaves it out, as files of a desktop app are local; the headless host sends them over a socket.
      minify: true,
      rollupOptions: { input: { index: here('renderer/index.html') } },
    },
  },
})
