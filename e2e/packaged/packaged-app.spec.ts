import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli } from '../fixtures/headless-host.ts'
import { PACKAGED_APP, startPackaged } from '../fixtures/packaged-binary.ts'
import { expect, test } from '../fixtures/test.ts'

test('the packaged app shows its window, runs a zap, copies, and goes back to a backup', async ({ folder }) => {
  test.skip(PACKAGED_APP === undefined, 'HOOKLINE_PACKAGED_APP names no packaged app')
  const dataDir = join(folder, 'data')
  const app = await startPackaged(PACKAGED_APP ?? '', dataDir)
  const { page } = app
  expect(await page.evaluate('document.visibilityState')).toBe('visible')
  await page.getByRole('button', { name: 'Send it for me' }).click()
  await expect(page.getByText('Succeeded').first()).toBeVisible()

  await page.getByRole('button', { name: 'Copy the curl line' }).click()
  await expect(page.getByText('Copied', { exact: true })).toBeAttached()
  // What is in the clipboard is seen by putting it into a field: to read it is allowed to no page.
  await page.keyboard.press('ControlOrMeta+K')
  const field = page.getByRole('combobox')
  await field.press('ControlOrMeta+V')
  await expect(field).toHaveValue(/^curl .*\/hooks\/welcome/)
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const backups = page.getByRole('region', { name: 'Backups', exact: true })
  await backups.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Backed up')
  const [backup = ''] = (await readdir(join(dataDir, 'backups'))).filter((name) => name.endsWith('.db'))
  await page.getByRole('link', { name: 'Zaps', exact: true }).click()
  await page.getByRole('button', { name: 'Actions for Welcome to Hookline' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('link', { name: 'Welcome to Hookline' })).toHaveCount(0)
  await app.stop()

  const restored = await runCli(['restore', join(dataDir, 'backups', backup), '--data', dataDir])
  expect(restored.stderr).toBe('')
  expect(restored.code).toBe(0)
  const again = await startPackaged(PACKAGED_APP ?? '', dataDir)
  await expect(again.page.getByRole('link', { name: 'Welcome to Hookline' })).toBeVisible()
  await again.stop()
})
