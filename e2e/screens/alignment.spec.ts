import { expect, test } from '../fixtures/screens.ts'
import { boxOf, Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a step that is dragged near the line of another snaps to it, and a guide shows the line', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add({
    name: 'In line',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'line' }, position: { x: 0, y: 0 } },
      { id: 'one', uses: 'data.set', input: { fields: { a: '1' } }, position: { x: 101, y: 203 } },
    ],
    edges: [{ from: 'hook', to: 'one' }],
  })
  await new Zaps(page).open('In line')
  const above = await boxOf(editor.step('hook'))
  const card = await boxOf(editor.step('one'))
  const guide = page.locator('.alignment-guide')
  const at = { x: card.x + 60, y: card.y + 32 }
  await page.mouse.move(at.x, at.y)
  await page.mouse.down()
  // React Flow takes hold of the card where the pointer is once it has moved a little.
  await page.mouse.move(at.x + 3, at.y)
  await page.mouse.move(at.x + 60, at.y + 20, { steps: 4 })
  await expect(guide).toHaveCount(0)
  await page.mouse.move(at.x - (card.x - above.x) + 6, at.y + 20, { steps: 4 })
  await expect(guide).not.toHaveCount(0)
  await page.mouse.up()
  await expect(guide).toHaveCount(0)
  await expect.poll(async () => (await editor.step('one').boundingBox())?.x).toBeCloseTo(above.x, 1)

  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(async () => (await editor.step('one').boundingBox())?.x).toBeCloseTo(card.x, 1)
})
