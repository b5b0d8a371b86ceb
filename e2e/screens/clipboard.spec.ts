import { expect, test } from '../fixtures/screens.ts'

test.use({ shares: true })

test('what is copied is in the clipboard; where the browser refuses, the page says what to do instead', async ({
  face,
  screens: { page },
  browser,
}) => {
  test.skip(face === 'desktop', 'its own permission handlers are tested in electron/main/window.test.ts')
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const section = page.getByRole('region', { name: 'This installation' })
  const copy = section.getByRole('button', { name: 'Copy all' })
  await expect(copy).toBeVisible()

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await copy.click()
  await expect(section.getByText('Copied', { exact: true })).toBeAttached()
  expect(JSON.parse(String(await page.evaluate('navigator.clipboard.readText()')))).toHaveProperty('dataDir')

  const { targetInfo } = await (await page.context().newCDPSession(page)).send('Target.getTargetInfo')
  await (await browser.newBrowserCDPSession()).send('Browser.setPermission', {
    permission: { name: 'clipboard-write', allowWithoutSanitization: false },
    setting: 'denied',
    origin: new URL(page.url()).origin,
    browserContextId: targetInfo.browserContextId ?? '',
  })
  await copy.click()
  await expect(page.getByText('The browser did not let Hookline copy')).toBeVisible()
  await expect(page.getByText('select the text and copy it yourself')).toBeVisible()
  await expect(section.getByText('Copied', { exact: true })).toHaveCount(0)
})
