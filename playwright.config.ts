import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from './e2e/fixtures/chromium.ts'
import type { ScreenOptions } from './e2e/fixtures/screens.ts'

// The host and the command line are started hundreds of times; for a user it is `bin/hookline.mjs` that has their code kept compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'hookline-compiled')

/** A process for each page, and one more in store, take longer to start than a page to load. */
const ONE_PROCESS = [
  '--renderer-process-limit=1',
  '--disable-site-isolation-trials',
  '--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,site-per-process',
]

export default defineConfig<ScreenOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  // One more than the cores that we count on: a test spends much of its time waiting for a program to start or a clock to pass.
  workers: 3,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // Generous: on a busy machine everything takes several times as long, and what is waited for comes or does not.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    // What moves is painted by the processor here, and what is clicked has to stand still first.
    contextOptions: { reducedMotion: 'reduce' },
    // To trace every test takes time; `HOOKLINE_TRACE=1` does it, and keeps the traces of those that fail.
    trace: process.env.HOOKLINE_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: { executablePath: CHROMIUM_PATH, args: [...CHROMIUM_ARGS, ...ONE_PROCESS] },
  },
  projects: [
    { name: 'host', testMatch: 'host/**/*.spec.ts' },
    { name: 'faults', testDir: 'faults', testMatch: '**/*.spec.ts' },
    { name: 'built-app', testMatch: 'built-app/*-app.spec.ts' },
    { name: 'shell', testMatch: 'built-app/shell.spec.ts' },
    { name: 'packaged', testMatch: 'packaged/**/*.spec.ts' },
    { name: 'headless', testMatch: 'screens/**/*.spec.ts', use: { face: 'headless' } },
    { name: 'desktop', testMatch: 'screens/**/*.spec.ts', use: { face: 'desktop' } },
  ],
})
