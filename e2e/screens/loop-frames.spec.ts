import { expect, test } from '../fixtures/screens.ts'
import { boxOf, Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('the body of a loop is framed in the editor and in its runs, and the frame follows its steps', async ({
  screens,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const runs = new Runs(page)
  await new Zaps(page).add({
    name: 'Framed',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'framed' } },
      { id: 'loop', uses: 'logic.for-each', name: 'Each line', input: { items: '{{ hook.body.lines }}' } },
      { id: 'price', uses: 'data.set', name: 'Price', input: { fields: { price: '{{ item.price }}' } } },
      { id: 'sum', uses: 'data.set', name: 'Sum', input: { fields: { all: '{{ loop.results }}' } } },
    ],
    edges: [
      { from: 'hook', to: 'loop' },
      { from: 'loop', port: 'each', to: 'price' },
      { from: 'loop', port: 'done', to: 'sum' },
    ],
  })
  await new Zaps(page).open('Framed')
  const frame = page.locator('[data-loop-frame="loop"]')
  await expect(frame).toContainText('Each line')
  const holds = async (id: string): Promise<boolean> => {
    const outer = await frame.boundingBox()
    const card = await editor.step(id).boundingBox()
    if (!outer || !card) return false
    return outer.x < card.x && outer.x + outer.width > card.x + card.width && outer.y < card.y
  }
  expect(await holds('price')).toBe(true)
  expect(await holds('sum')).toBe(false)

  const card = await boxOf(editor.step('price'))
  await page.mouse.move(card.x + 100, card.y + 30)
  await page.mouse.down()
  await page.mouse.move(card.x - 40, card.y + 110, { steps: 6 })
  await expect.poll(() => holds('price')).toBe(true)
  await page.mouse.up()
  await expect.poll(() => holds('price')).toBe(true)

  await send(hooks, 'framed', { lines: [{ price: 1 }] })
  await runs.show()
  await expect(runs.rows('Framed').filter({ hasText: 'Succeeded' })).toHaveCount(1)
  await runs.openNewest('Framed')
  await expect(frame).toContainText('Each line')
  await expect.poll(() => holds('price')).toBe(true)
})
