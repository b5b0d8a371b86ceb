import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { writeZap } from '../fixtures/zap-files.ts'
import { Editor } from '../pages/editor.ts'

const STEPS = 60

/** One long line of steps: too long to be read when all of it is in view. */
const longZap = {
  format: 'hookline/zap@1',
  name: 'A long line',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'long' } },
    ...Array.from({ length: STEPS }, (_, n) => ({ id: `set-${n}`, uses: 'data.set', name: `Value ${n}`, input: {} })),
  ],
  edges: Array.from({ length: STEPS }, (_, n) => ({ from: n === 0 ? 'hook' : `set-${n - 1}`, to: `set-${n}` })),
}

test('from far away every step is in view as a shape, can be chosen, and is whole again with its wires from near', async ({
  screens,
  folder,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  const file = await writeZap(folder, 'long', longZap)
  expect(await runCli(['zap', 'import', file, '--data', `${folder}/data`])).toMatchObject({ code: 0 })
  await page.getByRole('link', { name: 'A long line' }).click()
  await expect(editor.step('set-0')).toContainText('Value 0')
  await expect(editor.edge('hook', 'set-0')).toBeAttached()

  await page.getByRole('button', { name: 'Fit everything' }).click()
  await expect(editor.canvas.locator('[data-step-id]')).toHaveCount(STEPS + 1)
  await expect(editor.canvas.locator('.distant-wires')).toHaveCount(1)
  await expect(editor.step('set-30')).not.toContainText('Value 30')
  await editor.step('set-30').click()
  await expect(editor.form).toContainText('set-30')

  await page.getByRole('button', { name: /Show at 100 %/ }).click()
  await expect(editor.step('set-30')).toContainText('Value 30')
  await expect(editor.edge('set-29', 'set-30')).toBeAttached()
  await expect(editor.edge('set-30', 'set-31')).toBeAttached()
  await expect(editor.canvas.locator('.distant-wires')).toHaveCount(0)
})
