import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const ledger = (url: string) => ({
  name: 'Ledger',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'ledger' } },
    {
      id: 'post',
      uses: 'http.request',
      input: { method: 'POST', url, body: '{{ hook.body }}' },
      settings: { retry: { maxAttempts: 1 } },
    },
  ],
  edges: [{ from: 'hook', to: 'post' }],
})

test('a run is replayed with edited data', async ({ screens, target }) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  await new Zaps(page).add(ledger(target.url))
  await send(hooks, 'ledger', { amount: 1 })
  await target.until((requests) => requests.length === 1)
  await runs.openNewest('Ledger')
  await expect(runs.status).toHaveText('Succeeded')
  const before = page.url()

  await page.getByRole('button', { name: 'More ways to replay' }).click()
  await page.getByRole('menuitem', { name: 'Replay with …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replay this run' })
  await dialog.getByRole('radio', { name: 'At the start, with edited data' }).click()
  const editor = dialog.getByRole('textbox', { name: 'Data of the trigger' })
  await expect(editor).toContainText('"amount": 1')
  const event = JSON.parse(await editor.innerText())
  expect(event.body).toEqual({ amount: 1 })
  await editor.fill('{ "body": ')
  await expect(dialog.getByText(/Line 1, column \d+/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Replay', exact: true })).toBeDisabled()
  await editor.fill(JSON.stringify({ ...event, body: { amount: 2 } }))
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click()

  await target.until((requests) => requests.length === 2)
  expect(target.requests.map((request) => request.body)).toEqual(['{"amount":1}', '{"amount":2}'])
  await expect(page).not.toHaveURL(before)
  await expect(runs.status).toHaveText('Succeeded')
  await page.getByRole('link', { name: 'Replay of an earlier run' }).click()
  await expect(page).toHaveURL(before)
})

test('a run that failed is replayed, and the two know of each other, in the list and on their pages', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  await new Zaps(page).add(ledger(target.url))
  target.answerWith(500)
  await send(hooks, 'ledger', { amount: 1 })
  await target.until((requests) => requests.length === 1)
  await runs.openNewest('Ledger')
  await expect(runs.status).toHaveText('Failed')
  const failed = page.url()
  target.answerWith(200)
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await expect(page).not.toHaveURL(failed)
  await expect(runs.status).toHaveText('Succeeded')
  const replay = page.url()
  await page.getByRole('link', { name: 'Replay of an earlier run' }).click()
  await expect(page).toHaveURL(failed)
  await expect(page.locator('main > header [data-status]')).toHaveText(['Replayed', 'Succeeded'])
  await accessible(page, 'replay')
  await page.getByRole('link', { name: 'Its replay' }).click()
  await expect(page).toHaveURL(replay)
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
  const row = page.getByRole('row').filter({ hasText: 'Replayed' })
  await expect(row).toContainText('Succeeded')
  await row.getByRole('link', { name: 'open the replay' }).click()
  await expect(page).toHaveURL(replay)
})

test('what was given up is replayed from the outbox', async ({ screens, target }) => {
  const { page, hooks } = screens
  await new Zaps(page).add(ledger(target.url))
  target.answerWith(500)
  await send(hooks, 'ledger', { n: 1 })
  await send(hooks, 'ledger', { n: 2 })
  await target.until((requests) => requests.length === 2)
  await page.getByRole('link', { name: 'Outbox', exact: true }).click()
  const letters = page.getByRole('table', { name: 'Dead letters' }).getByRole('row').filter({ hasText: 'Ledger' })
  await expect(letters).toHaveCount(2)
  await expect(letters.first()).toContainText('500')
  target.answerWith(200)
  await letters.first().getByRole('button', { name: 'Replay the run of Ledger' }).click()
  await target.until((requests) => requests.length === 3)
  await expect(letters).toHaveCount(1)
  await letters.first().getByRole('button', { name: 'Dismiss the dead letter of Ledger' }).click()
  await expect(page.getByRole('region', { name: 'Dead letters' })).toContainText('None.')
  await new Runs(page).openNewest('Ledger')
  await expect(new Editor(page).step('post')).toContainText('OK')
})
