import type { Page } from '@playwright/test'
import { accessible } from '../fixtures/accessible.ts'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { writeZap } from '../fixtures/zap-files.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const stock = (target: string) => ({
  format: 'hookline/zap@1',
  name: 'Low stock every morning',
  description: 'Reads the stock, keeps what runs low, and tells the channel.',
  steps: [
    { id: 'morning', uses: 'schedule.cron', name: 'Every morning', input: { cron: '30 7 * * 1-5' } },
    {
      id: 'get',
      uses: 'http.request',
      name: 'Get the stock',
      input: { url: 'https://shop.example.org/stock.csv', auth: { $credential: 'shop-key' } },
    },
    {
      id: 'low',
      uses: 'logic.filter',
      name: 'What runs low',
      input: { all: [{ left: '{{ get.body }}', op: 'exists' }] },
    },
    {
      id: 'keep',
      uses: 'file.append',
      name: 'Keep the list',
      input: { path: 'Stock/low-stock.csv', text: '{{ get.body }}' },
    },
    { id: 'tell', uses: 'http.request', name: 'Tell the till', input: { method: 'POST', url: target, body: 'low' } },
    { id: 'hand', uses: 'http.request', name: 'Hand it on', input: { method: 'POST', url: '{{ get.body.next }}' } },
  ],
  edges: [
    { from: 'morning', to: 'get' },
    { from: 'get', to: 'low' },
    { from: 'low', to: 'keep' },
    { from: 'keep', to: 'tell' },
    { from: 'tell', to: 'hand' },
  ],
})

async function pasteForReview(page: Page, zap: object): Promise<void> {
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Paste JSON…' }).click()
  await page.getByRole('textbox', { name: 'Zap file' }).fill(JSON.stringify(zap))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Review before it is added' })).toBeVisible()
}

test('what a zap from elsewhere may do is named before it is stored, linked, switched off and approved', async ({
  screens,
}) => {
  const { page } = screens
  await pasteForReview(page, stock('http://127.0.0.1:9/till'))
  const hosts = page.getByRole('region', { name: 'Hosts' })
  await expect(hosts.getByRole('listitem')).toHaveCount(4)
  await expect(hosts).toContainText('shop.example.org')
  await expect(hosts).toContainText('On this computer')
  // What is only known while it runs may be near: that is off until it is wanted.
  await expect(page.getByRole('switch', { name: 'Allow host *' })).toBeChecked()
  await expect(page.getByRole('switch', { name: 'Allow local *' })).not.toBeChecked()
  await expect(page.getByRole('region', { name: 'Folders' })).toContainText('Stock/low-stock.csv')
  await expect(page.getByRole('region', { name: 'Starts by itself' })).toContainText('Weekdays at 07:30')
  await expect(page.getByText('1 credential to link, can wait')).toBeVisible()
  await accessible(page, 'review of a zap')

  // A line lights up its step in the picture, and shows its settings.
  await hosts.getByRole('button', { name: /shop\.example\.org/ }).click()
  await expect(page.getByRole('article', { name: 'Get the stock' })).toContainText('shop.example.org/stock.csv')
  await page.getByRole('tab', { name: 'File' }).click()
  await expect(page.getByText('"format": "hookline/zap@1"')).toBeVisible()
  await page.getByRole('tab', { name: 'Steps' }).click()
  await expect(page.getByRole('list', { name: 'Steps' }).getByRole('article')).toHaveCount(6)

  // A credential is made in place, for the hosts that the file names.
  await page.getByRole('combobox', { name: 'Credential for shop-key' }).click()
  await page.getByRole('option', { name: 'New credential…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('my-shop')
  await page.getByRole('textbox', { name: 'Secret' }).fill('sesame-open')
  await expect(page.getByRole('textbox', { name: 'Only for these hosts' })).toHaveValue('shop.example.org')
  await page.getByRole('button', { name: 'Save credential' }).click()
  await expect(page.getByRole('combobox', { name: 'Credential for my-shop' })).toContainText('my-shop')
  await expect(page.getByText('credential to link')).toHaveCount(0)

  await page.getByRole('switch', { name: 'Allow host *' }).click()
  await page.keyboard.press('ControlOrMeta+Enter')
  const zaps = new Zaps(page)
  await expect(zaps.row('Low stock every morning').getByText('Draft', { exact: true })).toBeVisible()

  await zaps.open('Low stock every morning')
  const panel = page.getByRole('region', { name: 'What it may do' })
  await expect(panel.getByRole('switch', { name: 'Allow host *' })).not.toBeChecked()
  await expect(panel.getByRole('switch', { name: 'Allow credential my-shop' })).toBeChecked()
  await panel.getByRole('switch', { name: 'Allow host *' }).click()
  await expect(panel.getByRole('switch', { name: 'Allow host *' })).toBeChecked()
  await accessible(page, 'permissions of a zap')
})

test('what is not added leaves nothing, and several are looked at one after the other', async ({ screens }) => {
  const { page } = screens
  const one = { ...stock('http://a.example/'), name: 'One' }
  const two = { ...stock('http://b.example/'), name: 'Two' }
  await pasteForReview(page, [one, two])
  await expect(page.getByText('1 of 2')).toBeVisible()
  await page.getByRole('button', { name: 'Do not add' }).click()
  await expect(page.getByText('2 of 2')).toBeVisible()
  await page.getByRole('button', { name: 'Approve and add' }).click()
  const zaps = new Zaps(page)
  await expect(zaps.row('Two')).toBeVisible()
  await expect(zaps.row('One')).toHaveCount(0)
})

test('a refusal in a run leads to its permission', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  await pasteForReview(page, {
    format: 'hookline/zap@1',
    name: 'Calls the till',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'tell', uses: 'http.request', name: 'Tell the till', input: { url: 'http://127.0.0.1:9/till' } },
    ],
    edges: [{ from: 'go', to: 'tell' }],
  })
  await page.getByRole('switch', { name: 'Allow local 127.0.0.1:9' }).click()
  await page.getByRole('button', { name: 'Approve and add' }).click()
  await expect(zaps.row('Calls the till')).toBeVisible()
  await zaps.open('Calls the till')
  await page.getByRole('button', { name: 'Run now', exact: true }).click()
  await page.getByRole('link', { name: 'Open run' }).click()
  await expect(page.getByText('may not reach 127.0.0.1:9').first()).toBeVisible()
  await page.getByRole('button', { name: 'Allow 127.0.0.1:9' }).click()
  await expect(page.getByText('Allowed: 127.0.0.1:9')).toBeVisible()
  await page.getByRole('link', { name: 'What it may do' }).click()
  await expect(page.getByRole('switch', { name: 'Allow local 127.0.0.1:9' })).toBeChecked()
})

test('steps that were copied elsewhere are pasted when somebody has seen what they touch', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  await zaps.addDraft({ name: 'Mine', steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  await zaps.open('Mine')
  await expect(page.locator('.react-flow__node')).toHaveCount(1)
  const foreign = { steps: [{ id: 'send', uses: 'http.request', input: { url: 'https://evil.example/' } }], edges: [] }
  const text = JSON.stringify(JSON.stringify(foreign))
  const paste = () =>
    page.evaluate(`{
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', ${text})
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
    }`)
  await paste()
  const dialog = page.getByRole('alertdialog', { name: 'Paste steps from elsewhere?' })
  await expect(dialog).toContainText('evil.example')
  await accessible(page, 'pasted steps')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.locator('.react-flow__node')).toHaveCount(1)
  await paste()
  await dialog.getByRole('button', { name: 'Paste' }).click()
  await expect(page.locator('.react-flow__node')).toHaveCount(2)
})

test('a zap that the command line imported waits for its review', async ({ screens, folder }) => {
  const { page } = screens
  const file = await writeZap(folder, 'till', {
    format: 'hookline/zap@1',
    name: 'Till',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'till' } },
      { id: 'tell', uses: 'http.request', input: { url: 'https://till.example/' } },
    ],
    edges: [{ from: 'hook', to: 'tell' }],
  })
  expect(await runCli(['zap', 'import', file, '--data', screens.dataDir])).toMatchObject({ code: 0 })
  const zaps = new Zaps(page)
  await zaps.row('Till').getByRole('switch').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Review before it can run' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Starts by itself' })).toContainText('/hooks/till')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(page.getByText('"Till" may run now')).toBeVisible()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByText('Live: version 1')).toBeVisible()
})

test('a folder that opens more than files is allowed once somebody knows what it opens', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('button', { name: 'Allow a folder…' }).click()
  const choose = page.getByRole('dialog', { name: 'Choose a folder' })
  await choose.getByRole('option').first().click()
  await choose.getByRole('button', { name: 'Choose this folder' }).click()
  const question = page.getByRole('alertdialog', { name: 'This folder opens more than files' })
  await expect(question).toContainText('.bashrc')
  await accessible(page, 'a folder that opens more')
  await question.getByRole('button', { name: 'Cancel' }).click()
  const folders = page.getByRole('list', { name: 'Folders for steps' }).getByRole('listitem')
  await expect(folders).toHaveCount(1)
  await page.getByRole('button', { name: 'Allow a folder…' }).click()
  await choose.getByRole('option').first().click()
  await choose.getByRole('button', { name: 'Choose this folder' }).click()
  await question.getByRole('button', { name: 'Allow it all the same' }).click()
  await expect(folders).toHaveCount(2)
})
