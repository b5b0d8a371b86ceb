import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('values of earlier steps are pills, every field is also text, and nothing is lost on the way there and back', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await zaps.add({
    name: 'Forms',
    steps: [
      { id: 'hook', uses: 'webhook.catch', name: 'Order', input: { path: 'forms' } },
      {
        id: 'post',
        uses: 'http.request',
        name: 'Post',
        input: { method: 'POST', url: `${target.url}/orders`, body: '', headers: { 'X-Order': '{{ hook.body.id }}' } },
      },
    ],
    edges: [{ from: 'hook', to: 'post' }],
  })
  await send(hooks, 'forms', { id: 'ord_1', amount: 75, method: 'PUT' })
  await target.until((requests) => requests.length === 1)
  await zaps.open('Forms')
  await editor.step('post').click()
  await editor.form.getByRole('button', { name: 'Text', exact: true }).click()
  const body = editor.field('Body')
  const pill = body.locator('[data-pill]')

  await body.pressSequentially('{ "id": "')
  const data = page.getByRole('region', { name: 'Data of earlier steps' })
  await data.getByRole('option', { name: /^id/ }).click()
  await expect(pill).toHaveText('Orderbody.id')
  await expect(editor.form).toContainText(/Line 1, column \d+: the JSON breaks off/)
  await body.press('End')
  await page.keyboard.insertText('" }')
  await expect(editor.form).not.toContainText('the JSON breaks off')

  // A pill that is clicked is replaced by the value that is chosen next, and goes as a whole.
  await pill.click()
  await data.getByRole('option', { name: /^amount/ }).click()
  await expect(pill).toHaveText('Orderbody.amount')
  await expect(editor.form).toContainText('{ "id": "75" }')
  await body.press('Backspace')
  await expect(pill).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(pill).toHaveText('Orderbody.amount')

  const switches = editor.form.locator('[data-field="input.body"]')
  await switches.getByRole('button', { name: 'Edit as text' }).click()
  await expect(body).toHaveValue('{ "id": "{{ hook.body.amount }}" }')
  await body.fill('{ "id": "{{ hook.body.id }}" }')
  await switches.getByRole('button', { name: 'Show as pills' }).click()
  await expect(pill).toHaveText('Orderbody.id')

  // A choice may come from the data. Its list has no place for that, so the field stays text until it has.
  const method = editor.form.locator('[data-field="input.method"]')
  await method.hover()
  await method.getByRole('button', { name: 'Edit as text' }).click()
  await editor.field('Method').fill('{{ hook.body.method }}')
  await expect(method.getByRole('button', { name: 'Use the form' })).toBeDisabled()
  await expect(body).toBeVisible()

  // The body as rows is the same value: one is added by keyboard, and a dot in its name makes an object.
  const rows = editor.form.locator('[data-field="input.body"]')
  await rows.getByRole('button', { name: 'Rows', exact: true }).click()
  await expect(editor.field('Body: value of id')).toContainText('Orderbody.id')
  await rows.getByRole('button', { name: 'Add another' }).click()
  await page.keyboard.type('meta.note')
  await page.keyboard.press('Enter')
  await expect(editor.field('Body: value of meta.note')).toBeFocused()
  await page.keyboard.type('hi')
  await accessible(page, 'a body as rows')
  await editor.field('Body: name of meta.note').press('ControlOrMeta+Backspace')
  await expect(editor.field('Body: value of meta.note')).toHaveCount(0)
  await rows.getByRole('button', { name: 'Text', exact: true }).click()
  await expect(body).toContainText('"id"')

  await editor.form.getByText('Advanced', { exact: true }).click()
  const headers = editor.form.locator('[data-field="input.headers"]')
  await headers.hover()
  // Each value has a switch of its own, too.
  const value = editor.field('Headers: value of X-Order')
  await headers.getByRole('button', { name: /^Edit as text.*value of X-Order/ }).click()
  await expect(value).toHaveValue('{{ hook.body.id }}')
  await headers.getByRole('button', { name: /^Show as pills.*value of X-Order/ }).click()
  await expect(value).toHaveText('Orderbody.id')
  await headers.getByRole('button', { name: /^Edit as text\W*Headers$/ }).click()
  const text = editor.field('Headers')
  await expect(text).toContainText('X-Order')
  await text.fill('{ "X-Order": 1, }')
  await expect(headers).toContainText('Until this is right, the step keeps what it had.')
  await accessible(page, 'a field as text')
  await text.fill('{ "X-Order": "{{ hook.body.id }}", "X-More": "yes" }')
  await headers.getByRole('button', { name: 'Use the form' }).click()
  await expect(editor.field('Headers: value of X-More')).toHaveText('yes')
  await expect(editor.field('Headers: value of X-Order')).toHaveText('Orderbody.id')

  await editor.publish()
  await expect(page.getByText('Live: version 2')).toBeVisible()
  await send(hooks, 'forms', { id: 'ord_2', amount: 1, method: 'PUT' })
  await target.until((requests) => requests.length === 2)
  const { method: used, headers: sent, body: got } = target.requests[1] ?? {}
  expect([used, sent?.['x-order'], sent?.['x-more'], got]).toEqual(['PUT', 'ord_2', 'yes', '{"id":"ord_2"}'])
})
