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
          // Names stay, so that a report of a crash can be read.
          minify: { compress: true, mangle: { toplevel: true, keepNames: true }, codegen: { removeWhitespace: true } },
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
