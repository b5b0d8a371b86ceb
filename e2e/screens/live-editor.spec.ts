import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

const zap = {
  name: 'Live',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'live' } },
    { id: 'gate', uses: 'logic.filter', input: { all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '10' }] } },
  ],
  edges: [{ from: 'hook', to: 'gate' }],
}

test('a run that happens while the editor is open appears on the canvas and in the runs of a step', async ({
  screens,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  await new Zaps(page).add(zap)
  await new Zaps(page).open('Live')
  await editor.step('gate').click()
  await page.getByRole('tab', { name: 'Runs' }).click()
  await expect(editor.form).toContainText('No runs yet')
  await send(hooks, 'live', { amount: 1 })
  await expect(editor.step('gate')).toContainText('Filtered')
  await expect(editor.form.getByRole('listitem')).toHaveCount(1)
  await send(hooks, 'live', { amount: 11 })
  await expect(editor.step('gate')).toContainText('OK')
  await expect(editor.form.getByRole('listitem')).toHaveCount(2)
  // Taken off the canvas, runs stay off it.
  await page.getByRole('button', { name: 'Hide the run' }).click()
  await send(hooks, 'live', { amount: 1 })
  await expect(editor.form.getByRole('listitem')).toHaveCount(3)
  await expect(editor.step('gate')).not.toContainText('Filtered')
})

test('a row opens wherever it is clicked, also in another tab; what is in it keeps its own click', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await new Zaps(page).add(zap)
  await send(hooks, 'live', { amount: 1 })
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'Live' })
  await row.getByRole('time').click()
  await expect(new Runs(page).status).toHaveText('Filtered')
  await page.goBack()
  const opened = page.context().waitForEvent('page')
  await row.getByRole('time').click({ button: 'middle' })
  const tab = await opened
  expect(tab.url()).toContain('/runs/run_')
  await tab.close()
  await row.getByRole('checkbox').click()
  await expect(page.getByRole('region', { name: 'Selected runs' })).toContainText('1 run selected')
})

test('a zap for a path has the request as the sample of its trigger', async ({ screens }) => {
  const { page, hooks } = screens
  await fetch(`${hooks}/hooks/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"orderNumber":"A-17"}',
  })
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await page.getByRole('row').filter({ hasText: '/hooks/orders' }).click()
  await page.getByRole('button', { name: 'Make a zap for this path' }).click()
  const editor = new Editor(page)
  await editor.step('hook').click()
  await page.getByRole('tab', { name: 'Test' }).click()
  await expect(editor.form).toContainText('A-17')
})

test('a time zone that is half typed is wrong itself, and the times beside it are not', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).addDraft({
    name: 'Zone',
    steps: [{ id: 'when', uses: 'schedule.cron', input: { cron: '0 9 * * *', timezone: 'Europe/Ber' } }],
    edges: [],
  })
  await new Zaps(page).open('Zone')
  await editor.step('when').click()
  await editor.saved()
  await expect(editor.form.locator('[data-field="input.timezone"]')).toContainText('Europe/Ber')
  await expect(editor.form.locator('[data-field="input.timezone"] .text-error')).not.toHaveCount(0)
  await expect(editor.form.locator('[data-field="input.cron"] .text-error')).toHaveCount(0)
  await expect(editor.form).not.toContainText('Five fields')
})
