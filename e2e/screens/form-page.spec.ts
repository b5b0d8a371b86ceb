import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { accessible } from '../fixtures/accessible.ts'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { Editor } from '../pages/editor.ts'

test.use({ shares: true })

const FIELDS = [
  { name: 'order', label: 'Order number', type: 'text', required: true },
  { name: 'email', label: 'E-mail', type: 'email', required: true },
  {
    name: 'reason',
    label: 'What is the matter?',
    type: 'choice',
    required: true,
    options: ['It arrived broken', 'Wrong item', 'Not needed', 'Something else'],
  },
  { name: 'pieces', label: 'How many pieces', type: 'number', required: true },
  { name: 'day', label: 'Arrived on', type: 'date' },
  { name: 'photo', label: 'Photo of the damage', type: 'file' },
  { name: 'agree', label: 'I send it back within two weeks', type: 'checkbox', required: true },
]

const zap = {
  format: 'hookline/zap@1',
  name: 'Returns',
  steps: [
    {
      id: 'form',
      uses: 'form.submitted',
      input: {
        path: 'returns',
        title: 'Return an item',
        intro: 'Tell us what comes back. You get a label by e-mail within the hour.',
        fields: FIELDS,
        done: { message: 'Thank you. The label goes to {{ form.fields.email }}.' },
      },
    },
    { id: 'set', uses: 'data.set', input: { fields: { got: '{{ form.fields }}' } } },
  ],
  edges: [{ from: 'form', to: 'set' }],
}

async function violations(page: Page): Promise<unknown> {
  // The page runs no script of its own making; the checker comes in by the debugger's door.
  await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
  )
}

test('a visitor fills in a form with the mouse, mends what is wrong, and the run has the answers and the file', async ({
  screens,
  browser,
}) => {
  const zapId = await enableZap(screens.dataDir, 'returns', zap)
  const visitor = await browser.newPage({ javaScriptEnabled: false })
  await visitor.goto(`${screens.hooks}/forms/returns`)
  await visitor.getByLabel('Order number').fill('A-1017')
  await visitor.getByLabel('E-mail').fill('orders')
  await visitor.getByText('Wrong item').click()
  await visitor.getByLabel('How many pieces').fill('2')
  await visitor
    .getByLabel('Photo of the damage')
    .setInputFiles({ name: 'shelf.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('jpg') })
  await visitor.getByRole('button', { name: 'Send' }).click()
  await expect(visitor.getByRole('alert')).toContainText('E-mail and I send it back within two weeks need a change')
  await expect(visitor.getByLabel('Order number')).toHaveValue('A-1017')
  await expect(visitor.getByLabel('Wrong item')).toBeChecked()
  await expect(visitor.getByText('shelf.jpg')).toBeVisible()
  await expect(visitor.getByLabel('E-mail')).toBeFocused()
  await visitor.getByLabel('E-mail').fill('orders@example.org')
  await visitor.getByLabel('I send it back').check()
  await visitor.getByRole('button', { name: 'Send' }).click()
  await expect(visitor.getByRole('status')).toContainText('The label goes to orders@example.org.')
  await visitor.close()

  const { page } = screens
  await expect.poll(async () => (await controlOf(page)?.runs.list({ zapId }))?.runs.length).toBe(1)
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: '/forms/returns' })).toContainText('Accepted')
})

test('a form is filled in by keyboard, and is accessible in light and dark, with and without faults', async ({
  screens,
  browser,
}) => {
  await enableZap(screens.dataDir, 'returns', zap)
  for (const colorScheme of ['light', 'dark'] as const) {
    const visitor = await browser.newPage({ colorScheme, bypassCSP: true })
    await visitor.goto(`${screens.hooks}/forms/returns`)
    expect(await violations(visitor)).toEqual([])
    await visitor.getByLabel('Order number').focus()
    await visitor.keyboard.type('A-1017')
    await visitor.keyboard.press('Enter')
    await expect(visitor.getByRole('alert')).toBeVisible()
    expect(await violations(visitor)).toEqual([])
    await expect(visitor.getByLabel('E-mail')).toBeFocused()
    await visitor.keyboard.type('ada@example.org')
    await visitor.keyboard.press('Tab')
    await visitor.keyboard.press('Space')
    await visitor.keyboard.press('ArrowDown')
    await expect(visitor.getByLabel('Wrong item')).toBeChecked()
    await visitor.keyboard.press('Tab')
    await visitor.keyboard.type('2')
    await visitor.getByLabel('I send it back').focus()
    await visitor.keyboard.press('Space')
    await visitor.keyboard.press('Tab')
    await visitor.keyboard.press('Enter')
    await expect(visitor.getByRole('status')).toContainText('ada@example.org')
    expect(await violations(visitor)).toEqual([])
    await visitor.close()
  }
})

test('the fields of a form are made in its editor, and steps behind it read them', async ({ screens, browser }) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Form', 0, -100)
  await editor.field('Path').fill('signup')
  await editor.field('Title').fill('Sign up')
  const { form } = editor
  await form.getByRole('button', { name: 'Add a field' }).click()
  // The label has the focus, and says what is asked for.
  await expect(form.getByRole('textbox', { name: 'Label' })).toBeFocused()
  await page.keyboard.type('Your e-mail')
  await expect(form.getByRole('combobox', { name: /Type of/ })).toHaveText('E-mail')
  await expect(form.getByText('fields.your_e_mail')).toBeVisible()
  await form.getByRole('button', { name: 'Add a field' }).click()
  await page.keyboard.type('Colour')
  await form.getByRole('combobox', { name: /Type of/ }).click()
  await page.getByRole('option', { name: 'Choice of one' }).click()
  await form.getByRole('textbox', { name: 'Choices' }).fill('Red\nGreen, dark\n')
  await form.getByRole('switch', { name: 'Must be answered' }).click()
  // Its page stands beside the fields; a click in it opens a field here.
  const preview = page.frameLocator('iframe[title="The page as people see it"]')
  await expect(preview.getByRole('heading', { name: 'Sign up' })).toBeVisible()
  await expect(preview.getByText('Green, dark')).toBeVisible()
  await preview.getByText('Your e-mail').click()
  const row = (label: string) => form.getByRole('listitem', { name: `Field ${label}` })
  await expect(row('Your e-mail').getByRole('button', { expanded: true })).toBeFocused()
  const first = form.getByRole('listitem', { name: /^Field/ }).first()
  await row('Colour').locator('[data-handle]').dragTo(row('Your e-mail').locator('[data-handle]'))
  await expect(first).toHaveAccessibleName('Field Colour')
  await row('Colour')
    .getByRole('button', { name: /^Colour/ })
    .press('Alt+ArrowDown')
  await expect(first).toHaveAccessibleName('Field Your e-mail')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(first).toHaveAccessibleName('Field Colour')
  // Away from a button's tooltip.
  await editor.field('Title').focus()
  await accessible(page, 'the editor of a form')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(form.getByText('Open here')).toBeVisible()
  const visitor = await browser.newPage()
  await visitor.goto(`${hooks}/forms/signup`)
  await expect(visitor.getByRole('radio', { name: 'Green, dark' })).toBeVisible()
  await expect(visitor.getByLabel('Your e-mail')).toBeVisible()
  await visitor.close()
})
