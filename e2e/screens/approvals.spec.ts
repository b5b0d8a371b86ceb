import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

const REFUNDS = {
  name: 'Refunds',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'refunds' } },
    {
      id: 'ask',
      uses: 'logic.approve',
      input: { message: 'Refund order {{ hook.body.order }}?', details: '{{ hook.body }}' },
    },
    { id: 'yes', uses: 'data.set', input: { fields: { note: '{{ ask.note }}' } } },
    { id: 'no', uses: 'data.set', input: { fields: { note: '{{ ask.note }}' } } },
  ],
  edges: [
    { from: 'hook', to: 'ask' },
    { from: 'ask', port: 'approved', to: 'yes' },
    { from: 'ask', port: 'declined', to: 'no' },
  ],
}

test('a question appears by itself, is answered with a note, and sends its run on', async ({ screens }) => {
  const { page, hooks } = screens
  await new Zaps(page).add(REFUNDS)
  await page.getByRole('link', { name: 'Approvals' }).click()
  await expect(page.getByText('No run waits for a decision')).toBeVisible()

  await send(hooks, 'refunds', { order: 4711 })
  await send(hooks, 'refunds', { order: 4712 })
  const question = page.getByRole('listitem', { name: 'Refunds: Refund order 4711?' })
  await expect(question).toContainText('4711')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Approvals' })).toContainText('2')
  await question.getByRole('textbox', { name: /Note/ }).fill('Arrived broken.')
  await question.getByRole('button', { name: 'Approve' }).click()
  await expect(question).toContainText('Approved')
  await expect(question).toContainText('Arrived broken.')
  // The next question stays where it was, so that a second click hits nothing.
  await expect(page.getByRole('listitem', { name: 'Refunds: Refund order 4712?' })).toBeVisible()
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Approvals' })).toContainText('1')

  await question.getByRole('link', { name: 'Open run' }).click()
  const editor = new Editor(page)
  await expect(editor.step('yes')).toContainText('OK')
  await expect(editor.step('no')).toContainText('Skipped')
  await editor.step('ask').click()
  await expect(new Runs(page).panel).toContainText('Arrived broken.')
})

test('a run that waits for a decision is answered on its own page', async ({ screens }) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  await new Zaps(page).add(REFUNDS)
  await send(hooks, 'refunds', { order: 4713 })
  await runs.show()
  await expect(runs.rows('Refunds')).toContainText('For a decision')
  await runs.openNewest('Refunds')
  await expect(runs.panel).toContainText('Refund order 4713?')
  await runs.panel.getByRole('button', { name: 'Decline' }).click()
  await expect(runs.panel).toContainText('Declined')
  await expect(runs.status).toHaveText('Succeeded')
  await expect(new Editor(page).step('no')).toContainText('OK')
})

test('a question that would draw itself backwards shows the mark that does so, and turns nothing around it', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await new Zaps(page).add(REFUNDS)
  await page.getByRole('link', { name: 'Approvals' }).click()
  await send(hooks, 'refunds', { order: '\u202e1174' })
  const words = page.locator('[data-approval] bdi').filter({ hasText: 'Refund order' })
  await expect(words).toHaveText('Refund order \\u202e1174?')
  await expect(words).toHaveCSS('unicode-bidi', 'isolate')
})
