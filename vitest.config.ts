import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,electron,headless,renderer,scripts,bench,faults}/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    setupFiles: ['scripts/test-setup.ts'],
    // A process runs many files, each of which gets our modules anew: to load the libraries 191 times takes longer than all the tests.
    isolate: false,
    // One more than the cores that we count on: a test waits for a clock, a thread or a server for much of its time.
    maxWorkers: 3,
    // As generous as the end-to-end tests': on a busy machine everything takes several times as long.
    testTimeout: 120_000,
    // Generous, as two tests may share a core; what is polled for comes within milliseconds.
    expect: { poll: { timeout: 20_000 } },
  },
})
