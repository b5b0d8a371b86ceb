import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,electron,headless,renderer,scripts}/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
})
