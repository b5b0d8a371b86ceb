import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a rule for files shows what would happen, does it, and its run puts the files back', async ({ screens }) => {
  const { page } = screens
  const files = `${screens.dataDir}/files`
  await mkdir(`${files}/in`, { recursive: true })
  await mkdir(`${files}/out`, { recursive: true })
  await writeFile(`${files}/in/invoice-1.pdf`, 'one')
  await writeFile(`${files}/in/photo.jpg`, 'photo')
  await writeFile(`${files}/out/invoice-1.pdf`, 'there')
  await new Zaps(page).addDraft({
    name: 'Invoices',
    steps: [
      { id: 'watch', uses: 'file.watch', input: { folder: 'in', glob: '*', existing: 'run', settle: '0s' } },
      {
        id: 'only',
        uses: 'logic.filter',
        name: 'Only invoices',
        input: { all: [{ left: '{{ watch.extension }}', op: 'eq', right: 'pdf' }] },
      },
      {
        id: 'move',
        uses: 'file.move',
        input: { from: '{{ watch.path }}', to: 'out/', ifExists: 'number' },
      },
    ],
    edges: [
      { from: 'watch', to: 'only' },
      { from: 'only', to: 'move' },
    ],
  })
  await new Zaps(page).open('Invoices')
  const editor = new Editor(page)
  await editor.step('move').click()
  await page.getByRole('tab', { name: 'Test' }).click()
  await page.getByRole('button', { name: 'Show what would happen' }).click()
  const dialog = page.getByRole('dialog', { name: 'What would happen' })
  await expect(dialog).toContainText('1 of 2 would change')
  await expect(dialog.getByRole('row', { name: /invoice-1\.pdf/ })).toContainText('invoice-1 (2).pdf')
  await expect(dialog.getByRole('row', { name: /^photo\.jpg/ })).toContainText('Only invoices')
  await dialog.getByRole('checkbox', { name: 'Do it for invoice-1.pdf' }).click()
  await expect(dialog.getByRole('button', { name: /now$/ })).toHaveCount(0)
  await dialog.getByRole('checkbox', { name: 'Do it for invoice-1.pdf' }).click()
  await expect(dialog.getByRole('button', { name: 'Move this file now' })).toBeEnabled()
  await page.keyboard.press('Escape')
  expect((await readdir(`${files}/in`)).toSorted()).toEqual(['invoice-1.pdf', 'photo.jpg'])

  await editor.publish()
  await expect.poll(() => readdir(`${files}/out`)).toEqual(['invoice-1 (2).pdf', 'invoice-1.pdf'])
  const runs = new Runs(page)
  await runs.show()
  await runs.rows('Invoices').filter({ hasText: 'Succeeded' }).first().getByRole('link').click()
  await expect(page.getByText('1 file changed')).toBeVisible()
  await page.getByRole('button', { name: 'Put files back' }).click()
  const panel = page.getByRole('complementary', { name: 'Files of the run' })
  await expect(panel).toContainText('Can go back')
  await panel.getByRole('button', { name: 'Put 1 file back' }).focus()
  await page.keyboard.press('Enter')
  await expect(panel).toContainText('Everything is back where it was')
  expect(await readFile(`${files}/in/invoice-1.pdf`, 'utf8')).toBe('one')
  expect(await readdir(`${files}/out`)).toEqual(['invoice-1.pdf'])
})
