import { join } from 'node:path'
import { startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { startSilentNtfy } from '../fixtures/silent-ntfy.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a run that waits for a time says until when, and goes on when it is told to', async ({ screens }) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  await new Zaps(page).add({
    name: 'Later',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'later' } },
      { id: 'wait', uses: 'logic.delay', input: { for: '3h' } },
      { id: 'note', uses: 'data.set', input: { fields: { done: 'yes' } } },
    ],
    edges: [
      { from: 'hook', to: 'wait' },
      { from: 'wait', to: 'note' },
    ],
  })
  await send(hooks, 'later', {})
  await runs.show()
  await expect(runs.rows('Later')).toContainText('Until')
  await runs.openNewest('Later')
  await expect(page.locator('main > header [data-waits-for="time"]')).toBeVisible()
  await page.getByRole('button', { name: 'Resume now' }).click()
  await expect(runs.status).toHaveText('Succeeded')
  await expect(new Editor(page).step('note')).toContainText('OK')
})

test('a step that was cut off is marked done by a person, and the run goes on behind it', async ({
  folder,
  browser,
  face,
}) => {
  test.skip(face === 'desktop', 'the host is killed and started again, which the desktop app does by itself')
  const dataDir = join(folder, 'data')
  const ntfy = await startSilentNtfy()
  const page = await (await browser.newContext()).newPage()
  const runs = new Runs(page)

  const first = await startHost({ dataDir })
  await page.goto(first.ui)
  await new Zaps(page).add({
    name: 'Journal',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'journal' } },
      {
        id: 'write',
        uses: 'ntfy.publish',
        name: 'Write it down',
        input: { topic: 'journal', message: 'x', server: ntfy.url },
      },
      { id: 'tell', uses: 'data.set', input: { fields: { where: '{{ write.id }}' } } },
    ],
    edges: [
      { from: 'hook', to: 'write' },
      { from: 'write', to: 'tell' },
    ],
  })
  await send(first.hooks, 'journal', {})
  await runs.openNewest('Journal')
  await expect(new Editor(page).step('write')).toContainText('Running')
  await first.kill()

  const second = await startHost({ dataDir })
  await page.goto(second.ui)
  await runs.openNewest('Journal')
  const review = page.getByRole('region', { name: 'Was “Write it down” done?' })
  await review.getByRole('radio', { name: 'Mark it done' }).click()
  await review.getByRole('textbox', { name: 'Output of the step, as JSON' }).fill('{ "id": "by hand" }')
  await review.getByRole('button', { name: 'Mark done' }).click()
  await expect(runs.status).toHaveText('Succeeded')
  await new Editor(page).step('tell').click()
  await expect(runs.panel.getByRole('list', { name: 'Output' })).toContainText('by hand')
  await page.context().close()
  await second.stop()
  await ntfy.close()
})
