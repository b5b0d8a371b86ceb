import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { accessible } from '../fixtures/accessible.ts'
import { fillHistory } from '../fixtures/fill-history.ts'
import { type RunningHost, startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string() })]) })

/** More than the host looks through for one answer. */
const STORED = 40_000
const SOUGHT = 'order "Ä-17" 100%'

/** A moment in this computer's zone, as a field for it takes it. */
const minuteOf = (ms: number): string => {
  const two = (n: number): string => String(n).padStart(2, '0')
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Puts what is sought into the oldest event of a database that no host has open, as a sender would have. */
function markOldest(file: string): void {
  const database = new Sqlite(file)
  try {
    database
      .prepare(
        `UPDATE trigger_event SET data = json_set(data, '$.body.note', ?) WHERE id = (SELECT min(id) FROM trigger_event)`,
      )
      .run(SOUGHT)
  } finally {
    database.close()
  }
}

/** A host whose history holds a run a second for eleven hours, all alike but for the oldest. */
async function withHistory(folder: string, target: string): Promise<RunningHost> {
  const dataDir = join(folder, 'data')
  const first = await startHost({ dataDir })
  const { zaps } = await first.ask(
    importSchema,
    'zap',
    'import',
    await writeZap(folder, 'relay', relayZap('in', target)),
    '--enable',
  )
  await first.ask(z.unknown(), 'zap', 'run', zaps[0].id, '--input', '{"body":{"n":0}}', '--wait')
  await first.stop()
  fillHistory(join(dataDir, 'hookline.db'), STORED)
  markOldest(join(dataDir, 'hookline.db'))
  return startHost({ dataDir })
}

/** Keeps back what the host says from its second answer to a search on, until the returned function lets it through. */
async function holdSecondAnswer(page: Page): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  let answers = 0
  await page.routeWebSocket(/./, (screen) => {
    const host = screen.connectToServer()
    host.onMessage((message) => {
      if (/"searchedTo":"/.test(message.toString())) answers += 1
      if (answers > 1) void released.then(() => screen.send(message))
      else screen.send(message)
    })
  })
  return release
}

async function choose(page: Page, box: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: box }).click()
  await page.getByRole('option', { name: option }).click()
}

test('a run is found by when it was and by what is in it, however far back, and the address keeps how', async ({
  browser,
  face,
  folder,
  target,
}) => {
  test.skip(face === 'desktop', 'the history is filled before its host starts, which the desktop app does by itself')
  test.setTimeout(120_000)
  const host = await withHistory(folder, target.url)
  const context = await browser.newContext()
  const page = await context.newPage()
  const letAnswer = await holdSecondAnswer(page)
  await page.goto(host.ui)
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const rows = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Open run of' }) })
  const table = page.getByRole('table', { name: 'Runs' })
  const line = page.getByRole('main').getByRole('status')
  const search = page.getByRole('searchbox', { name: 'Search in runs' })
  await expect(rows.first()).toBeVisible()

  // A search goes back by itself until it is stopped; what it is told after that, it does not take.
  await search.fill('ORDER "ä-17" 100%')
  await expect(page.getByText('Searched back to')).toBeVisible()
  await page.getByRole('button', { name: 'Stop' }).click()
  letAnswer()
  await expect(line).toContainText('0 runs found, stopped')
  await accessible(page, 'a search that was stopped')
  await page.getByRole('button', { name: 'Search further' }).click()
  await expect(line).toContainText('1 run found, everything searched', { timeout: 60_000 })
  await expect(rows).toHaveCount(1)

  // From the found run back to the search; and the address alone is enough.
  await rows.getByRole('link').click()
  await expect(page.getByRole('region', { name: 'Timeline' })).toBeVisible()
  await page.getByRole('link', { name: 'Runs', exact: true }).last().click()
  await expect(search).toHaveValue('ORDER "ä-17" 100%')
  await page.reload()
  await expect(line).toContainText('1 run found, everything searched', { timeout: 60_000 })

  // New runs with the text in them appear; others do not, and nothing is done to what was not seen.
  const post = (body: unknown) =>
    fetch(`${host.hooks}/hooks/in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await post({ note: 'order "Ä-18" 100%' })
  await post({ note: `another ${SOUGHT}` })
  await expect(rows).toHaveCount(2)
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Replay 2 runs?')
  await question.getByRole('button', { name: 'Cancel' }).click()

  // A minute of one's own, then back through what was shown before.
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(search).toHaveValue('')
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000
  await choose(page, 'When', 'Between…')
  await page.getByLabel('To', { exact: true }).fill(minuteOf(minute - 60_000))
  await page.getByLabel('From', { exact: true }).fill(minuteOf(minute))
  await expect(page.getByRole('alert')).toContainText('Ends before it begins.')
  await page.getByLabel('To', { exact: true }).fill(minuteOf(minute + 60_000))
  await expect(table).toHaveAttribute('aria-rowcount', '61')
  await choose(page, 'Status', 'Failed')
  await expect(rows.filter({ hasText: 'Succeeded' })).toHaveCount(0)
  await accessible(page, 'runs of a time')
  await page.goBack()
  await expect(table).toHaveAttribute('aria-rowcount', '61')
  await choose(page, 'When', 'Last 7 days')
  await expect(table).toHaveAttribute('aria-rowcount', '-1')
  await context.close()
  await host.stop()
})
