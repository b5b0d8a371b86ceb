import { expect, test } from '../fixtures/screens.ts'

test.use({ shares: true })

const zap = (name: string): string =>
  JSON.stringify({ format: 'hookline/zap@1', name, steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

test('zap files as Windows writes them are picked and dropped; Latin-1 is refused with what to do', async ({
  screens: { page },
}) => {
  const picker = page.getByLabel('Zap files to import')
  await picker.setInputFiles([{ name: 'a.zap.json', mimeType: 'application/json', buffer: utf16(zap('Köln picked')) }])
  await expect(page.getByRole('main')).toContainText('Köln picked')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Zaps' }).click()

  const latin1 = Buffer.from(zap('Köln'), 'latin1')
  await picker.setInputFiles([{ name: 'old.zap.json', mimeType: 'application/json', buffer: latin1 }])
  await expect(page.getByRole('dialog')).toContainText('old.zap.json is not UTF-8 text')
  await expect(page.getByRole('dialog')).toContainText('save it as UTF-8 and try again')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const dropped = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([Uint8Array.from(${JSON.stringify([...utf16(zap('Köln dropped'))])})], 'b.zap.json'))
    return transfer
  })()`)
  await page.getByRole('main').dispatchEvent('drop', { dataTransfer: dropped })
  await expect(page.getByRole('main')).toContainText('Köln dropped')
})
