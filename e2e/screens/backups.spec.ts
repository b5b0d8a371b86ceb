import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'

test('backups are made, kept, put elsewhere and switched off in Settings, which tell how one is put back', async ({
  screens,
  folder,
}) => {
  const { page } = screens
  const own = join(folder, 'data', 'backups')
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const backups = page.getByRole('region', { name: 'Backups', exact: true })
  const rows = backups.getByRole('table', { name: 'Backups' }).getByRole('row').filter({ hasText: 'hookline-' })
  const make = backups.getByRole('button', { name: 'Back up now' })
  const corner = page.getByRole('region', { name: 'Notifications' })
  await expect(backups).toContainText('None is there yet. The first is made soon.')
  await make.click()
  await expect(corner).toContainText('Backed up')
  await expect(rows).toHaveCount(1)
  const [first = ''] = (await readdir(own)).filter((name) => name.endsWith('.db'))
  await expect(rows).toContainText(first)
  await expect(backups).toContainText(`hookline restore ${join(own, first)} --data ${join(folder, 'data')}`)
  await expect(backups).toContainText(/Next onein (23 h|24 h|1 d)/)
  await accessible(page, 'settings with a backup')

  // The newest alone, by keyboard; the older one goes when the next is there.
  await backups.getByRole('combobox', { name: 'Keep' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'the newest', exact: true }).click()
  await expect(corner).toContainText('The newest backup is kept')
  await make.click()
  await expect(rows).toHaveCount(1)
  await expect(rows.filter({ hasText: first })).toHaveCount(0)

  const elsewhere = join(folder, 'other disk')
  await mkdir(elsewhere)
  await backups.getByRole('button', { name: /Change…/ }).click()
  const choose = page.getByRole('dialog', { name: 'Choose a folder' })
  const named = (name: string) => choose.getByRole('option').filter({ has: page.getByText(name, { exact: true }) })
  await named('/').dblclick()
  for (const part of elsewhere.split('/').slice(1, -1)) {
    await choose.getByRole('combobox').fill(part)
    await named(part).dblclick()
  }
  await named('other disk').click()
  await choose.getByRole('button', { name: 'Choose this folder' }).click()
  await expect(backups).toContainText(elsewhere)
  await make.click()
  await expect(backups).toContainText(`hookline restore '${elsewhere}/hookline-`)

  // It is unplugged: nothing takes its place.
  await rm(elsewhere, { recursive: true })
  await make.click()
  await expect(backups.getByRole('alert')).toContainText(`There is no folder ${elsewhere} on this computer.`)
  await backups.getByRole('button', { name: "Use Hookline's own" }).click()
  await expect(rows).toHaveCount(1)

  await backups.getByRole('switch', { name: 'Back up every day' }).click()
  await expect(backups).toContainText('when you make it')
  await corner.getByRole('button', { name: 'Undo' }).last().click()
  await expect(backups.getByRole('switch')).toBeChecked()
})
