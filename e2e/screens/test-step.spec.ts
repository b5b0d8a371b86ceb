import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a step is tested alone with the newest data, with written data, and with all before it', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  const post = (id: string, body: string) => ({
    id,
    uses: 'http.request',
    name: id,
    input: { method: 'POST', url: `${target.url}/${id}`, body },
  })
  await zaps.add({
    name: 'Tested',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'tested' } },
      post('first', 'first of {{ hook.body.order }}'),
      post('second', 'second of {{ hook.body.order }}'),
      post('third', 'third'),
    ],
    edges: [
      { from: 'hook', to: 'first' },
      { from: 'first', to: 'second' },
      { from: 'second', to: 'third' },
    ],
  })
  await send(hooks, 'tested', { order: 7 })
  await target.until((requests) => requests.length === 3)
  const bodies = () => target.requests.slice(3).map((request) => request.body)

  await zaps.open('Tested')
  await editor.step('second').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await expect(editor.form).toContainText('A test really does it: POST')
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await expect(editor.step('second')).toContainText('OK')
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('200')
  expect(bodies()).toEqual(['second of 7'])

  await editor.choose('With', 'Data that I write')
  const data = editor.form.getByRole('textbox', { name: 'What the steps before returned' })
  await expect(data).toContainText('"path": "tested"')
  await data.press('ControlOrMeta+a')
  await page.keyboard.insertText('{ "hook": { "body": { "order": "mine" } } }')
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await target.until((requests) => requests.length === 5)
  expect(bodies()).toEqual(['second of 7', 'second of mine'])

  await expect(editor.form.getByRole('button', { name: 'Run up to here' })).toBeEnabled()
  await editor.form.getByRole('button', { name: 'Run up to here' }).click()
  await target.until((requests) => requests.length === 7)
  expect(bodies().slice(2)).toEqual(['first of mine', 'second of mine'])
  // What was written for the test is not what arrived last; and what is shown and mapped with can be chosen.
  await editor.step('hook').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await page.getByRole('button', { name: 'Hide the run' }).click()
  await expect(editor.form).toContainText('The last event that arrived')
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('7')
  await editor.choose('Sample data', 'The connector’s example')
  await expect(editor.form).toContainText('Pinned: the connector’s own example')
  await expect(editor.step('hook')).toContainText('Pinned')
  await editor.step('first').click()
  await editor.field('Body').click()
  const picker = page.getByRole('region', { name: 'Data of earlier steps' })
  await expect(picker).toContainText('pinned example')
  await page.keyboard.press('Escape')
  await editor.step('hook').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.choose('Sample data', 'The last event')
  await expect(editor.form).toContainText('The last event that arrived')
})

test('a step that cannot be tested yet says what is missing', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.add({ name: 'Unfinished', steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  await zaps.open('Unfinished')
  await editor.drag('HTTP request', 0, 160)
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await expect(editor.form.getByRole('alert')).toContainText('connect it to a trigger first')
})
