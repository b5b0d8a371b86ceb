import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const zap = (name: string, code: string) => ({
  name,
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: name.toLowerCase().replaceAll(' ', '-') } },
    {
      id: 'tax',
      uses: 'code.run',
      name: 'Lines with tax',
      input: { input: { order: '{{ hook.body }}', rate: 0.19 }, code },
    },
  ],
  edges: [{ from: 'hook', to: 'tax' }],
})

const ORDER = { id: 'ord_4707', customer: { name: 'Ada', city: 'Leeds' }, lines: [{ sku: 'SKU-70', price: 42 }] }

test('code is written, looked at, tested, and its console read, by mouse', async ({ screens }) => {
  const { page, hooks } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.add(zap('Code by mouse', '// The total of an order\nconst { order, rate } = input\n'))
  await send(hooks, 'code-by-mouse', ORDER)
  await zaps.open('Code by mouse')
  await editor.step('tax').click()
  const code = editor.field('Code')

  // Completion knows what the code was given, by the names that the code has for it.
  await code.click()
  await code.press('ControlOrMeta+End')
  await page.keyboard.type('return order.cu')
  const offered = page.getByRole('listbox')
  await expect(offered.getByRole('option', { name: /customer/ })).toContainText('2 fields')
  await offered.getByRole('option', { name: /customer/ }).click()
  await expect(code).toContainText('return order.customer')

  // What cannot be read is marked at its place, without a test.
  await page.keyboard.type('.name +')
  await expect(editor.form.getByRole('status')).toContainText('Line 3, column')
  await expect(code).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('.cm-line.code-line-broken')).toHaveCount(1)
  await accessible(page, 'a mistake in code')
  await code.press('ControlOrMeta+a')
  await page.keyboard.insertText(
    'console.log(input.order.id, 42)\nconsole.warn("late")\nreturn input.order.lines.map((line) => line.tax.rate)',
  )
  await expect(editor.form.getByRole('status')).toHaveText('')
  await expect(code).not.toHaveAttribute('aria-invalid', 'true')

  // With more room, and without it again.
  const before = (await code.boundingBox())?.width ?? 0
  await editor.form.getByRole('button', { name: 'Open wide' }).last().click()
  await expect.poll(async () => (await code.boundingBox())?.width).toBeGreaterThan(before * 1.5)
  await accessible(page, 'code with room')
  await editor.form.getByRole('button', { name: 'Beside the canvas' }).click()
  await expect.poll(async () => (await code.boundingBox())?.width).toBe(before)

  // A test shows the error with its place, and the console; both lead to their lines.
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await expect(editor.form.getByRole('alert')).toContainText('Line 3, column')
  const lines = editor.form.getByRole('region', { name: 'Console' })
  await expect(lines.getByRole('listitem')).toHaveText(['ord_4707 42line 1', 'lateline 2'])
  await accessible(page, 'the console of code')
  await editor.form.getByRole('button', { name: 'Go to line 3' }).click()
  await expect(editor.field('Code')).toBeFocused()
  await expect(page.locator('.cm-line.code-line-broken')).toHaveAttribute('data-problem', /^TypeError.*undefined/)
  await page.keyboard.press('End')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(
    'console.log("total", input.order.lines[0].price)\nreturn { total: input.order.lines[0].price * (1 + input.rate) }',
  )
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await expect(editor.step('tax')).toContainText('OK')
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('49.98')
  await lines.getByRole('button', { name: 'line 1' }).click()
  await expect(editor.field('Code')).toBeFocused()
})

test('the field for code is worked in, and left, by keyboard', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.add(zap('Code by keyboard', 'return 1'))
  await zaps.open('Code by keyboard')
  await editor.step('tax').click()
  const code = editor.field('Code')

  // The step becomes a connector of one's own, in a file that is off.
  await editor.form.getByRole('button', { name: 'More about this step' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Save as a connector…' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Save as a connector' })
  await expect(dialog.getByRole('textbox', { name: 'Id' })).toHaveValue('lines-with-tax')
  await expect(dialog).toContainText('Fields of its form: order, rate.')
  await accessible(page, 'a step that is saved as a connector')
  await dialog.getByRole('textbox', { name: 'Title' }).press('Enter')
  await expect(page.getByText('Saved as lines-with-tax.mjs')).toBeVisible()

  await code.focus()
  await page.keyboard.press('ControlOrMeta+a')
  // Tab indents, and takes what is offered.
  await page.keyboard.type('if (true) {\nreturn input.ra')
  await expect(page.getByRole('option', { name: /rate/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(code).toContainText('return input.rate')
  await expect(code).toBeFocused()
  // Escape closes what is offered; then Tab leaves, and Shift+Tab comes back.
  await page.keyboard.type(' + input.')
  await expect(page.getByRole('listbox')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toBeHidden()
  await expect(code).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(code).not.toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(code).toBeFocused()
  // F8 goes to the mistake. A field that has just got the focus still reads where the browser put the caret.
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+a')
    expect(await page.evaluate('getSelection().toString()')).toContain('input.rate')
  }).toPass()
  await page.keyboard.insertText('const a = ;\n\n\nreturn a')
  await expect(editor.form.getByRole('status')).toContainText('Line 1, column 11')
  await page.keyboard.press('F8')
  await page.keyboard.type('42')
  await expect(editor.form.getByRole('status')).toHaveText('')
  await expect(code).toContainText('const a = 42;')
  // Twice, Escape leads back to the card, as everywhere.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(editor.step('tax')).toBeFocused()
})

test('a line for the shell that would run what came from outside is not published', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.addDraft({
    name: 'A line',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'a-line' } },
      { id: 'program', uses: 'shell.run', input: { line: 'echo {{ hook.body.title }}' } },
    ],
    edges: [{ from: 'hook', to: 'program' }],
  })
  await zaps.open('A line')
  await editor.step('program').click()
  await expect(editor.form).toContainText('the shell would run what came from outside as a command')
})
