import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'

test.use({ shares: true })

test('a schedule is chosen or written, said in words and in its next times, and told to be wrong where it is', async ({
  screens,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Schedule', 0, -100)
  const every = editor.field('Every')
  const when = editor.form.getByRole('radiogroup', { name: 'When' })
  await expect(when.getByRole('radio', { name: 'At set times', checked: true })).toBeVisible()
  await expect(every).toHaveCount(0)
  await when.getByRole('radio', { name: 'Again and again' }).click()
  await every.fill('1h30m')
  await expect(editor.form).toContainText('1 hour 30 minutes')
  await editor.choose('Every: usual times', '15 minutes')
  await expect(every).toHaveValue('15m')
  const times = editor.form.getByRole('listitem').filter({ hasText: /:(00|15|30|45)/ })
  await expect(times).toHaveCount(5)
  await accessible(page, 'a duration')
  await every.fill('soon')
  await expect(every).toHaveAttribute('aria-invalid', 'true')

  // One undo brings back what choosing the other emptied.
  await when.getByRole('radio', { name: 'At set times' }).click()
  await expect(every).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(every).toHaveValue('soon')
  await expect(editor.field('Times')).toHaveCount(0)
  await when.getByRole('radio', { name: 'Again and again' }).focus()
  // The arrow alone chooses as well, but only while the key is down.
  await page.keyboard.press('ArrowLeft')
  await expect(when.getByRole('radio', { name: 'At set times' })).toBeFocused()
  await page.keyboard.press('Space')
  await editor.choose('Times: how often', 'On days of the week')
  await editor.form.getByLabel('Times: time of day').fill('07:30')
  await editor.form.getByRole('button', { name: 'Friday' }).click()
  await expect(editor.field('Times')).toHaveValue('30 7 * * 1,2,3,4')
  await editor.form.getByRole('combobox', { name: 'Time zone' }).fill('Asia/Tokyo')
  await expect(editor.form).toContainText('Next times in Asia/Tokyo')
  await expect(editor.form.getByRole('listitem').filter({ hasText: '07:30' })).toHaveCount(5)
  await accessible(page, 'a schedule')
})
