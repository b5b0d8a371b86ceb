import type { Browser, Page } from '@playwright/test'
import { z } from 'zod'
import { quantile } from '../quantile.ts'

const traceSchema = z.object({ traceEvents: z.array(z.object({ name: z.string(), ts: z.number() })) })

/** How often the screen was drawn anew. */
export type Frames = {
  /** Frames a second, by the median time between two. */
  readonly perSecond: number
  /** Milliseconds between two frames, in the worst twentieth. */
  readonly worstMs: number
}

/** What Chromium drew while `act` went on, by its own trace: at most 60 frames a second in headless mode. */
export async function framesDuring(browser: Browser, page: Page, act: () => Promise<void>): Promise<Frames> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline.frame'] })
  await act()
  const { traceEvents } = traceSchema.parse(JSON.parse((await browser.stopTracing()).toString('utf8')))
  const at = traceEvents
    .filter(({ name }) => name === 'DrawFrame')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
  const gaps = at.slice(1).map((ts, n) => (ts - (at[n] ?? ts)) / 1_000)
  return { perSecond: 1_000 / quantile(gaps, 0.5), worstMs: quantile(gaps, 0.95) }
}
