import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('what is half filled in, or lies in a folder that is not allowed, does not go live, and says what is missing', async ({
  screens,
  folder,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  const shared = join(folder, 'shared')
  await mkdir(shared)
  await new Zaps(page).addDraft({
    name: 'Half',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'gate', uses: 'logic.filter', input: { all: [{ left: '{{ go.n }}', op: 'gt', right: '' }] } },
      { id: 'set', uses: 'data.set', input: { fields: {} } },
      { id: 'log', uses: 'file.append', input: { path: join(shared, 'log.txt'), text: 'x' } },
    ],
    edges: [
      { from: 'go', to: 'gate' },
      { from: 'gate', to: 'set' },
      { from: 'set', to: 'log' },
    ],
  })
  await new Zaps(page).open('Half')
  await editor.publish()
  const problems = page.getByRole('dialog', { name: 'Problems' })
  await expect(problems.getByRole('listitem')).toHaveCount(3)
  await accessible(page, 'the problems of a zap')
  await problems.getByRole('button', { name: 'Allow this folder', exact: true }).click()
  await expect(problems.getByRole('listitem')).toHaveCount(2)
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Steps may use this folder now')

  await problems.getByRole('button', { name: /^Filter/ }).click()
  await expect(editor.form).toContainText('Needs a value to compare with')
  await editor.form.getByRole('textbox', { name: 'Compare with of condition 1' }).pressSequentially('10')
  await editor.saved()

  // A value without a name is kept, and its name asked for.
  await editor.step('set').click()
  await editor.form.getByRole('button', { name: 'Add a value' }).click()
  await editor.form.getByRole('textbox', { name: 'Values: value of row 1' }).pressSequentially('kept')
  await expect(editor.form).toContainText('a row without a name')
  await editor.form.getByRole('textbox', { name: 'Values: name 1' }).fill('note')
  await expect(editor.form).not.toContainText('a row without a name')
  await editor.publish()
  await expect(page.getByRole('button', { name: /things? to do/ })).toHaveCount(0)
  await expect(page.locator('[data-status="enabled"]')).toBeVisible()
})
