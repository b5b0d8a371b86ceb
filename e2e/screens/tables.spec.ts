import type { Page } from '@playwright/test'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'

test.use({ shares: true })

/** Copies or pastes where the focus is, without the clipboard of the computer. Returns what is on it then. */
function clipboard(page: Page, what: 'copy' | 'paste', text = ''): Promise<unknown> {
  return page.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(text)})
    document.activeElement.dispatchEvent(new ClipboardEvent('${what}', { clipboardData, bubbles: true, cancelable: true }))
    clipboardData.getData('text/plain')
  }`)
}

test('a table is made, filled from keyboard and clipboard, imported, narrowed, and taken back', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('link', { name: 'Tables', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No tables yet' })).toBeVisible()
  await page.getByRole('button', { name: 'New table' }).click()
  await page.getByLabel('Name').fill('Stock')
  await page.keyboard.press('Enter')

  const grid = page.getByRole('grid', { name: 'Stock' })
  const cells = (row: number) => grid.getByRole('row').nth(row).getByRole('gridcell')
  await expect(grid.getByRole('columnheader', { name: 'Status' })).toBeVisible()
  await accessible(page, 'an empty table in light')

  // Typed as fast as it goes: Tab goes on in the row, Enter to the next one.
  await grid.focus()
  await page.keyboard.type('Lamp')
  await page.keyboard.press('Tab')
  await page.keyboard.type('op')
  await page.keyboard.press('Tab')
  await page.keyboard.type('two left')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Home')
  await page.keyboard.type('Shelf')
  await page.keyboard.press('Enter')
  await expect(cells(1)).toHaveText(['Lamp', 'Open', 'two left', 'You'])
  await expect(cells(2)).toHaveText(['Shelf', '', '', 'You'])
  await expect(page.getByText('2 rows', { exact: true })).toBeVisible()

  // A block of a spreadsheet, over the last row and beyond it; undone and done again.
  await grid.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  await clipboard(page, 'paste', 'Shelf, oak\tDone\t"a\nb"\r\nChair\tOpen\t5\r\n')
  await expect(cells(3)).toHaveText(['Chair', 'Open', '5', 'You'])
  await expect(page.getByText('6 cells selected')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(cells(2)).toHaveText(['Shelf', '', '', 'You'])
  await expect(page.getByText('2 rows', { exact: true })).toBeVisible()
  await page.keyboard.press('Control+Shift+z')
  await expect(cells(2).first()).toHaveText('Shelf, oak')
  await expect(cells(3).first()).toHaveText('Chair')
  expect(await clipboard(page, 'copy')).toBe('Shelf, oak\tDone\t"a\nb"\nChair\tOpen\t5')

  // A column of numbers: a wrong one stays open with a sentence, Escape puts back.
  await page.getByRole('button', { name: 'Add a column' }).click()
  await page.getByLabel('Name').fill('Left')
  await page.getByLabel('What it holds').click()
  await page.getByRole('option', { name: 'Number' }).click()
  await page.getByRole('button', { name: 'Add the column' }).click()
  await expect(grid.getByRole('columnheader', { name: 'Left' })).toBeVisible()
  await grid.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('End')
  await page.keyboard.type('12,5o')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('“12,5o” is not a number, such as 1500.5.')
  await page.keyboard.press('Escape')
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await page.keyboard.type('40')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Left, sum 47')).toBeVisible()

  // From the heads: sorted by the keyboard, filtered by mouse.
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Largest first' }).press('Enter')
  await expect(cells(1).first()).toHaveText('Shelf, oak')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByLabel('Value').fill('Lamp')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 of 3 rows')).toBeVisible()
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(page, 'a filtered table in dark')
  await page.getByRole('button', { name: /^Remove the filter/ }).click()
  await expect(page.getByText('3 rows', { exact: true })).toBeVisible()

  // 100,000 rows from a file: the last one is as near as the first.
  const lines = Array.from({ length: 100_000 }, (_, n) => `row ${n};${n}`)
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Import CSV' }).click(),
  ])
  await chooser.setFiles({
    name: 'Many.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['name;n', ...lines].join('\n')),
  })
  await page.getByRole('textbox', { name: 'Table' }).fill('Many')
  await page.getByRole('button', { name: 'Make the table' }).click()
  const many = page.getByRole('grid', { name: 'Many' })
  await expect(page.getByText('100,000 rows', { exact: true })).toBeVisible({ timeout: 30_000 })
  await many.focus()
  await page.keyboard.press('Control+End')
  await expect(many.getByRole('gridcell', { name: 'row 99999' })).toBeVisible()

  // Deleted, and brought back.
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete the table' }).click()
  await expect(page.getByRole('link', { name: /^Many/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(page.getByRole('link', { name: /^Many/ })).toBeVisible()
})
