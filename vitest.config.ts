import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,electron,headless,renderer,scripts,bench,faults}/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 20_000,
    // Generous, as two tests may share a core; what is polled for comes within milliseconds.
    expect: { poll: { timeout: 5_000 } },
  },
})
