import type { Browser, Page } from '@playwright/test'
import { z } from 'zod'
import { startHost } from '../../e2e/fixtures/headless-host.ts'
import { writeZap } from '../../e2e/fixtures/zap-files.ts'
import { end, own, withFolder } from '../owned-processes.ts'
import { withChromium } from './chromium.ts'
import { largeZap } from './large-zap.ts'

const PATIENCE_MS = 30_000
const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string() })]) })

/** The screens of a host that has a zap of 1,000 steps. */
export type Screens = {
  readonly browser: Browser
  readonly zapId: string
  /** A page of its own, as a person who has not been here before would get it; nothing is loaded yet. */
  newPage(): Promise<Page>
  /** An address that opens the screens in one more browser, once. */
  newAddress(): Promise<string>
}

/** Calls `use` with a headless Chromium and a host beside it, and ends both. */
export function withScreens<T>(use: (screens: Screens) => Promise<T>): Promise<T> {
  return withFolder(async (dataDir) => {
    const host = await startHost({ dataDir })
    own(host.child)
    try {
      const file = await writeZap(dataDir, 'thousand', largeZap())
      const { zaps } = await host.ask(importSchema, 'zap', 'import', file)
      return await withChromium(async (browser) => {
        const newPage = async (): Promise<Page> => {
          const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
          const page = await context.newPage()
          page.setDefaultTimeout(PATIENCE_MS)
          return page
        }
        return await use({ browser, newPage, zapId: zaps[0].id, newAddress: host.freshAddress })
      })
    } finally {
      await end(host.child, 'SIGKILL')
    }
  })
}
