import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test('folders and files are picked with the keyboard and the mouse, and the step writes where it was told to', async ({
  screens,
  folder,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  const own = join(folder, 'data', 'files')
  const shared = join(folder, 'shared')
  await mkdir(join(own, '2026', 'november'), { recursive: true })
  await mkdir(shared)
  await writeFile(join(shared, 'ledger.txt'), 'first\n')
  for (let index = 0; index < 300; index += 1) await writeFile(join(own, '2026', `note-${index}.txt`), '')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await new Zaps(page).addDraft({
    name: 'Files',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'log', uses: 'file.append', input: { path: '{{ run.id }}.txt', text: 'second' } },
    ],
    edges: [{ from: 'go', to: 'log' }],
  })
  await new Zaps(page).open('Files')
  await editor.step('log').click()
  const path = editor.form.locator('[data-field="input.path"]')
  const browse = path.getByRole('button', { name: 'Browse…' })
  const dialog = page.getByRole('dialog', { name: 'Choose or name a file' })
  const find = dialog.getByRole('combobox', { name: 'Find in this folder' })
  const where = dialog.getByRole('navigation', { name: 'Where you are' }).getByRole('listitem')
  const content = dialog.getByRole('listbox', { name: 'Content' })

  // By keyboard alone: the folder changes, the name with its template stays.
  await browse.focus()
  await page.keyboard.press('Enter')
  await expect(find).toBeFocused()
  await page.keyboard.type('20')
  await page.keyboard.press('Enter')
  await expect(where).toHaveText(['Allowed folders', 'Hookline files', '2026'])
  await expect(dialog.getByRole('status')).toHaveText('301 in here')
  await page.keyboard.press('ArrowDown')
  await expect(content.getByRole('option', { name: 'november', selected: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Nothing in here')
  await page.keyboard.press('Backspace')
  await expect(where).toHaveCount(3)
  await page.keyboard.type('note-299')
  await expect(content.getByRole('option')).toHaveText([/note-299\.txt/])
  await accessible(page, 'the dialog for files')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(dialog).toBeHidden()
  await expect(browse).toBeFocused()
  await expect(editor.field('File')).toHaveText(/^2026\/.*run\.id/i)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(editor.field('File')).not.toHaveText(/2026/)

  // With the mouse: a new folder, a new name, and then a folder that is not allowed until one says so.
  await browse.click()
  await dialog.getByRole('button', { name: 'New folder' }).click()
  await dialog.getByRole('textbox', { name: 'Name of the new folder' }).fill('2026')
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('choose another name')
  await dialog.getByRole('textbox', { name: 'Name of the new folder' }).fill('paid')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await expect(where).toHaveText(['Allowed folders', 'Hookline files', 'paid'])
  await dialog.getByRole('textbox', { name: 'File name' }).fill('ledger.txt')
  await dialog.getByRole('button', { name: 'Choose this file' }).click()
  await expect(editor.field('File')).toHaveText('paid/ledger.txt')

  await editor.field('File').fill(join(shared, 'ledger.txt'))
  await browse.click()
  await expect(dialog.getByRole('alert')).toContainText(`Steps may not use ${shared}`)
  await dialog.getByRole('button', { name: 'Allow this folder' }).click()
  await content.getByRole('option', { name: 'ledger.txt' }).dblclick()
  await expect(editor.field('File')).toHaveText(join(shared, 'ledger.txt'))
  await editor.saved()
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect.poll(() => readFile(join(shared, 'ledger.txt'), 'utf8')).toBe('first\nsecond\n')

  // What was allowed stands in the settings, where another is chosen, and both can be taken back.
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const folders = page.getByRole('list', { name: 'Folders for steps' }).getByRole('listitem')
  await expect(folders).toHaveText([new RegExp(own), shared])
  await page.getByRole('button', { name: 'Allow a folder…' }).click()
  const choose = page.getByRole('dialog', { name: 'Choose a folder' })
  const named = (name: string) => choose.getByRole('option').filter({ has: page.getByText(name, { exact: true }) })
  await named('/').dblclick()
  for (const part of folder.split('/').slice(1)) {
    await choose.getByRole('combobox').fill(part)
    // Until others are gone, the row would slide away between two clicks.
    await expect(choose.getByRole('option').filter({ hasNotText: part })).toHaveCount(0)
    await named(part).dblclick()
  }
  await named('data').click()
  await choose.getByRole('button', { name: 'Choose this folder' }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('belongs to Hookline itself')
  await page.getByRole('button', { name: `Stop allowing ${shared}` }).click()
  await expect(folders).toHaveText([new RegExp(own)])
})
