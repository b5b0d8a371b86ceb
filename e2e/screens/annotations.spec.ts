import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

const TWO = {
  name: 'Annotated',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'annotated' } },
    { id: 'one', uses: 'data.set', name: 'One', input: { fields: { a: '1' } } },
  ],
  edges: [{ from: 'hook', to: 'one' }],
}

test('notes and frames are written, moved with what stands in them, undone, copied and kept', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add(TWO)
  await new Zaps(page).open('Annotated')
  const item = (name: string) => page.getByRole('menu').getByRole('menuitem', { name })
  const note = page.locator('[data-annotation-id="note:note-1"]')
  const frame = page.locator('[data-annotation-id="group:group-1"]')

  await editor.canvas.click({ button: 'right', position: { x: 60, y: 60 } })
  await item('Add a note').click()
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Ask Ada before changing this')
  await page.keyboard.press('Escape')
  await expect(note).toContainText('Ask Ada')

  await page.keyboard.press('ControlOrMeta+a')
  await editor.step('one').click({ button: 'right' })
  await item('Put a frame around').click()
  await page.getByRole('textbox', { name: 'Title of the frame' }).fill('Orders')
  await page.keyboard.press('Enter')
  await expect(frame).toContainText('Orders')
  await accessible(page, 'canvas with notes and frames')

  const before = await editor.step('one').boundingBox()
  const title = await frame.getByText('Orders').boundingBox()
  if (!before || !title) throw new Error('the frame is not to be seen')
  await page.mouse.move(title.x + 10, title.y + 10)
  await page.mouse.down()
  await page.mouse.move(title.x + 90, title.y + 70, { steps: 6 })
  await page.mouse.up()
  const isMoved = async (): Promise<boolean> => ((await editor.step('one').boundingBox())?.x ?? 0) > before.x + 40
  await expect.poll(isMoved).toBe(true)
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(isMoved).toBe(false)

  await frame.getByText('Orders').click()
  await page.keyboard.press('ControlOrMeta+d')
  await expect(page.locator('[data-annotation-id="group:group-2"]')).toContainText('Orders')
  await expect(editor.step('one_2')).toBeAttached()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(editor.step('one_2')).toHaveCount(0)

  await note.click()
  await page.keyboard.press('Delete')
  await expect(note).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(note).toContainText('Ask Ada')
  await editor.saved()
  await page.reload()
  await expect(note).toContainText('Ask Ada')
  await expect(frame).toContainText('Orders')
})
