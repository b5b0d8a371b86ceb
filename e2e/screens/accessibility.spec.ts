import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '../fixtures/screens.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has an accessibility violation in ${colorScheme}`, async ({ screens }) => {
    const { page, hooks } = screens
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await fetch(`${hooks}/hooks/welcome`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Ada","amount":75}',
    })
    const check = async (screen: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
      expect(found, screen).toEqual([])
    }
    await expect(page.getByText('Succeeded').first()).toBeVisible()
    await check('zaps')
    await page.getByRole('link', { name: 'Welcome to Hookline' }).click()
    await page.locator('[data-step-id="large"]').click()
    await expect(page.getByRole('region', { name: 'Selected step' })).toBeVisible()
    await check('editor')
    for (const screen of ['Runs', 'Outbox', 'Credentials', 'Settings']) {
      await page.getByRole('link', { name: screen, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible()
      await check(screen)
    }
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('row').filter({ hasText: 'Welcome' }).getByRole('link').first().click()
    await expect(page.locator('[data-step-id="note"]')).toBeVisible()
    await check('run')
  })
}
