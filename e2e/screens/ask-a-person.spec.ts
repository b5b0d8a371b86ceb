import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'

test.use({ shares: true })

const zap = {
  format: 'hookline/zap@1',
  name: 'Expenses',
  steps: [
    {
      id: 'form',
      uses: 'form.submitted',
      input: { path: 'expenses', title: 'An expense', fields: [{ name: 'what', label: 'What for', required: true }] },
    },
    {
      id: 'ask',
      uses: 'logic.approve',
      input: {
        message: 'Pay for {{ form.fields.what }}?',
        details: '{{ form.fields }}',
        fields: [{ name: 'amount', label: 'Amount', type: 'number', required: true }],
        choices: [{ id: 'half', name: 'Pay half' }],
      },
    },
    {
      id: 'file',
      uses: 'file.append',
      input: { path: 'paid.txt', text: '{{ form.fields.what }} {{ ask.fields.amount }} {{ ask.decision }}' },
    },
  ],
  edges: [
    { from: 'form', to: 'ask' },
    { from: 'ask', port: 'approved', to: 'file' },
    { from: 'ask', port: 'half', to: 'file' },
  ],
}

async function violations(page: Page): Promise<unknown> {
  await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
  )
}

test('a form asks for a decision with a field, and a file has both: by mouse here, by keyboard behind a link', async ({
  screens,
  browser,
}) => {
  await enableZap(screens.dataDir, 'expenses', zap)
  const { page, hooks } = screens
  const paid = (): Promise<string> => readFile(`${screens.dataDir}/files/paid.txt`, 'utf8').catch(() => '')

  const visitor = await browser.newPage({ javaScriptEnabled: false })
  await visitor.goto(`${hooks}/forms/expenses`)
  await visitor.getByLabel('What for').fill('Tea')
  await visitor.getByRole('button', { name: 'Send' }).click()
  await expect(visitor.getByRole('status')).toContainText('It has arrived')
  await page.getByRole('link', { name: 'Approvals' }).click()
  const question = page.getByRole('listitem', { name: 'Expenses: Pay for Tea?' })
  await question.getByRole('button', { name: 'Approve' }).click()
  await expect(question.getByText('Please fill this in.')).toBeVisible()
  // Of this window: the visitor's may still be the one that the keyboard writes into.
  await expect
    .poll(() => question.getByLabel('Amount').evaluate((field) => field === field.ownerDocument.activeElement))
    .toBe(true)
  await question.getByLabel('Amount').fill('12.5')
  await question.getByRole('button', { name: 'Pay half' }).click()
  await expect(question).toContainText('Pay half')
  await expect.poll(paid).toBe('Tea 12.5 half\n')

  await visitor.goto(`${hooks}/forms/expenses`)
  await visitor.getByLabel('What for').focus()
  await visitor.keyboard.type('Cake')
  await visitor.keyboard.press('Enter')
  await expect(visitor.getByRole('status')).toContainText('It has arrived')
  await visitor.close()
  await expect.poll(async () => (await controlOf(page)?.approvals.list())?.length).toBe(1)
  const link = (await controlOf(page)?.approvals.list())?.[0]?.link?.url ?? ''
  const answering = await browser.newPage({ colorScheme: 'dark', bypassCSP: true })
  await answering.goto(link)
  await expect(answering.getByRole('heading', { name: 'Pay for Cake?' })).toBeVisible()
  expect(await violations(answering)).toEqual([])
  await answering.keyboard.press('Tab')
  await answering.keyboard.type('much')
  await answering.keyboard.press('Enter')
  await expect(answering.getByRole('alert')).toContainText('Amount needs a change')
  expect(await violations(answering)).toEqual([])
  await expect(answering.getByLabel('Amount')).toBeFocused()
  await answering.keyboard.press('ControlOrMeta+a')
  await answering.keyboard.type('3')
  await answering.keyboard.press('Enter')
  await expect(answering.getByRole('status')).toContainText('Approve')
  await expect.poll(paid).toBe('Tea 12.5 half\nCake 3 approved\n')
  await answering.goto(link)
  await expect(answering.getByRole('heading', { name: 'This was answered already' })).toBeVisible()
  expect(await violations(answering)).toEqual([])
})
