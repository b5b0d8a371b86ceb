import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'

test('a length of time is chosen or written, said in words, and told to be wrong where it is', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Schedule', 0, -100)
  const every = editor.field('Every')
  await every.fill('1h30m')
  await expect(editor.form).toContainText('1 hour 30 minutes')
  await editor.choose('Every: usual times', '15 minutes')
  await expect(every).toHaveValue('15m')
  await accessible(page, 'a duration')
  await every.fill('soon')
  await expect(every).toHaveAttribute('aria-invalid', 'true')

  await editor.choose('Or at set times: usual times', 'Weekdays at 09:00')
  await expect(every).toHaveValue('')
  await expect(editor.form.getByRole('listitem').filter({ hasText: '09:00' })).toHaveCount(5)
})
