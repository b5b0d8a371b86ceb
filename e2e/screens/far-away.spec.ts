import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { writeZap } from '../fixtures/zap-files.ts'
import { boxOf, Editor } from '../pages/editor.ts'

test.use({ shares: true })

const ROWS = 80
const STEPS = 2 * ROWS

/** Two long lines of steps below one webhook: too long to be read when all of it is in view. */
const longZap = {
  format: 'hookline/zap@1',
  name: 'Two long lines',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'long' } },
    ...Array.from({ length: STEPS }, (_, n) => ({ id: `set-${n}`, uses: 'data.set', name: `Value ${n}`, input: {} })),
  ],
  edges: Array.from({ length: STEPS }, (_, n) => ({ from: n < 2 ? 'hook' : `set-${n - 2}`, to: `set-${n}` })),
}

test('from far away every step is in view as a shape, can be chosen, and is whole again with its wires from near', async ({
  screens,
  folder,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  const file = await writeZap(folder, 'long', longZap)
  expect(await runCli(['zap', 'import', file, '--data', screens.dataDir])).toMatchObject({ code: 0 })
  await page.getByRole('link', { name: 'Two long lines' }).click()
  await expect(editor.step('set-0')).toContainText('Value 0')
  await expect(editor.edge('hook', 'set-0')).toBeAttached()

  await page.getByRole('button', { name: 'Fit everything' }).click()
  await expect(editor.canvas.locator('[data-step-id]')).toHaveCount(STEPS + 1)
  await expect(editor.canvas.locator('.distant-wires').first()).toBeAttached()
  await expect(editor.step('set-80')).not.toContainText('Value 80')
  await editor.step('set-80').click()
  await expect(editor.form).toContainText('set-80')

  // It follows the hand, stays where it is let go, and goes back.
  const placeOf = async (id: string) => {
    const { x, y } = (await editor.step(id).boundingBox()) ?? { x: 0, y: 0 }
    return { x: Math.round(x), y: Math.round(y) }
  }
  const card = await boxOf(editor.step('set-80'))
  const home = await placeOf('set-80')
  const neighbour = await placeOf('set-82')
  const pointer = { x: card.x + card.width / 2, y: card.y + card.height / 2 }
  await page.mouse.move(pointer.x, pointer.y)
  await page.mouse.down()
  await page.mouse.move(pointer.x + 60, pointer.y, { steps: 4 })
  await expect.poll(async () => (await placeOf('set-80')).x - home.x).toBeGreaterThan(40)
  await page.mouse.move(pointer.x + 120, pointer.y, { steps: 4 })
  await expect.poll(async () => (await placeOf('set-80')).x - home.x).toBeGreaterThan(100)
  await page.mouse.up()
  await expect(editor.canvas.locator('[data-dragging="true"]')).toHaveCount(0)
  expect((await placeOf('set-80')).x - home.x).toBeGreaterThan(100)
  expect(await placeOf('set-82')).toEqual(neighbour)
  await page.keyboard.press('Control+z')
  await expect.poll(() => placeOf('set-80')).toEqual(home)

  await page.getByRole('button', { name: /Show at 100 %/ }).click()
  await expect(editor.step('set-80')).toContainText('Value 80')
  await expect(editor.edge('set-78', 'set-80')).toBeAttached()
  await expect(editor.edge('set-80', 'set-82')).toBeAttached()
  await expect(editor.canvas.locator('.distant-wires')).toHaveCount(0)

  // While it is zoomed, what comes into view is part of a picture; when the wheel rests everything can be taken hold of.
  const shapes = editor.canvas.locator('.card-shapes')
  await expect(editor.step('set-94')).toHaveCount(0)
  const pictured = shapes.first().waitFor({ state: 'attached' })
  await editor.step('set-80').hover()
  await page.keyboard.down('Control')
  for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, 100)
  await page.keyboard.up('Control')
  await pictured
  await expect(editor.step('set-94')).toContainText('Value 94')
  await expect(shapes).toHaveCount(0)
  await editor.step('set-94').click()
  await expect(editor.form).toContainText('set-94')
})
