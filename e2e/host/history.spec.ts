import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { accessible } from '../fixtures/accessible.ts'
import { startHost } from '../fixtures/headless-host.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap } from '../fixtures/zap-files.ts'

const DAY_MS = 86_400_000

const historySchema = z.object({
  runs: z.int(),
  freeBytes: z.int(),
  databaseBytes: z.int(),
  settings: z.record(z.string(), z.int()),
})

test('old runs are counted, deleted and gone for whoever has their link; the disk gets the space back', async ({
  folder,
  target,
  browser,
}) => {
  const world = join(folder, 'world.json')
  const pretend = (days: number): void => writeFileSync(world, JSON.stringify({ clockAheadMs: days * DAY_MS }))
  pretend(0)
  const host = await startHost({ dataDir: `${folder}/data`, env: { HOOKLINE_PRETEND: world } })
  const context = await browser.newContext()
  const page = await context.newPage()
  try {
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    const post = () =>
      fetch(`${host.hooks}/hooks/in`, {
        method: 'POST',
        body: 'x'.repeat(20_000),
        headers: { 'content-type': 'text/plain' },
      })
    for (let n = 0; n < 30; n++) expect((await post()).status).toBe(200)
    const runsSchema = z.object({ runs: z.array(z.object({ id: z.string(), status: z.string() })) })
    const succeeded = async () => (await host.ask(runsSchema, 'run', 'list', '--status', 'succeeded')).runs
    await expect.poll(async () => (await succeeded()).length).toBe(30)
    const old = (await succeeded())[0]?.id ?? ''
    pretend(100)
    await expect(async () => {
      await post()
      expect(await host.ask(z.object({ runs: z.int() }), 'prune', '--dry-run')).toEqual({ runs: 30 })
    }).toPass()

    await page.goto(await host.freshAddress())
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    const section = page.getByRole('region', { name: 'History' })
    await expect(section).toContainText('Runs31')
    await accessible(page, 'settings with the history')
    const succeededDays = section.getByRole('spinbutton', { name: 'Days to keep runs that succeeded' })
    await expect(succeededDays).toHaveValue('90')
    await succeededDays.fill('101')
    await section.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Saved')
    await section.getByRole('button', { name: 'Delete old history now…' }).click()
    const question = page.getByRole('alertdialog')
    await expect(question).toContainText('Nothing is old enough to go')
    await question.getByRole('button', { name: 'OK' }).click()

    await succeededDays.fill('30')
    await section.getByRole('button', { name: 'Save' }).click()
    await section.getByRole('button', { name: 'Delete old history now…' }).click()
    await expect(question).toContainText('Delete 30 runs?')
    await expect(question).toContainText(
      'more than 30 days ago; those that failed or were replayed, and ended more than 180 days ago.',
    )
    await accessible(page, 'the question before old runs are deleted')
    await question.getByRole('button', { name: 'Delete 30 runs' }).click()
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Deleted 30 runs')
    const before = await host.ask(historySchema, 'history')
    expect(before).toMatchObject({ settings: { keepSucceededDays: 30, keepFailedDays: 180 } })
    expect(before.freeBytes).toBeGreaterThan(1_000_000)
    await section.getByRole('button', { name: 'Shrink now' }).click()
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('back to the disk')
    const after = await host.ask(historySchema, 'history')
    expect(after.freeBytes).toBeLessThan(100_000)
    expect(after.databaseBytes).toBeLessThan(before.databaseBytes)
    expect(await host.ask(z.object({ job: z.object({ done: z.int() }) }), 'prune', '--older-than', '30d')).toEqual({
      job: { done: 0 },
    })

    await page.evaluate(`window.location.hash = '#/runs/${old}'`)
    await expect(page.getByText('This run is not there any more')).toBeVisible()
    await expect(page.getByText(`The run ${old} was deleted with the old history.`)).toBeVisible()
    await accessible(page, 'a run that was deleted')
  } finally {
    await context.close()
    await host.stop()
  }
})
