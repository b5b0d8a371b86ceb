import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { keyboardHands } from '../pages/keyboard-hands.ts'
import { mouseHands } from '../pages/mouse-hands.ts'

test.use({ shares: true })

for (const [means, handsOf] of [
  ['the mouse', mouseHands],
  ['the keyboard alone', keyboardHands],
] as const) {
  test(`files that come into a folder become rows of a table, in a zap built with ${means}`, async ({
    screens,
    folder,
  }) => {
    const { page } = screens
    const hands = handsOf(page)
    const editor = new Editor(page)
    const incoming = join(screens.dataDir, 'files', 'incoming')
    await rm(incoming, { recursive: true, force: true })
    await mkdir(incoming, { recursive: true })

    await hands.startZap('Incoming orders')
    await hands.add('Watch folder', 'watch', { at: [0, -240] })
    await hands.write('Folder', 'incoming')
    // Whether the file comes before the first look at the folder or after it, it starts a run.
    await hands.choose('Files that are there already', 'Start a run for each')
    await hands.add('Read CSV', 'parse', { after: 'watch', at: [0, -120] })
    await hands.map('CSV', 'watch.path')
    await hands.add('Filter a list', 'filter', { after: 'parse', at: [0, 0] })
    await hands.map('List', 'parse.rows')
    await hands.map('Value of condition 1', 'item.amount')
    await hands.choose('Comparison of condition 1', 'is at least')
    await hands.write('Compare with of condition 1', '50')
    await hands.add('Add rows', 'add', { after: 'filter', at: [0, 120] })
    await hands.write('Table', 'Large orders')
    await hands.take('What is written', 'A list of rows')
    await hands.map('Rows', 'filter.items')
    await hands.add('Show notification', 'notify', { after: 'add', at: [0, 240] })
    await hands.write('Title', 'Large orders came')
    await hands.publish()
    await expect(page.getByText(/Live: version/)).toBeVisible()
    await expect(editor.step('add')).toContainText('Large orders')

    // As a program writes it: whole, by its name, in one go.
    await writeFile(join(folder, 'orders.part'), 'name;amount\nAda;75\nGrace;12.5\nEdsger;50\n')
    await rename(join(folder, 'orders.part'), join(incoming, 'orders.csv'))
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Large orders came')
    await page.getByRole('link', { name: 'Tables', exact: true }).click()
    const rows = page.getByRole('grid', { name: 'Large orders' }).getByRole('row')
    await expect(rows.nth(1).getByRole('gridcell')).toHaveText(['Ada', '75', 'Incoming orders'])
    await expect(rows.nth(2).getByRole('gridcell')).toHaveText(['Edsger', '50', 'Incoming orders'])
    await expect(page.getByText('2 rows', { exact: true })).toBeVisible()
  })
}
