import { accessible } from '../fixtures/accessible.ts'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a test is stepped through: it stops at a breakpoint, shows what would be sent, and sends it when it is told to', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  const runs = new Runs(page)
  await zaps.add({
    name: 'Stepped',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'stepped' } },
      { id: 'double', uses: 'data.set', name: 'Double it', input: { fields: { n: '{{ hook.body.n | times: 2 }}' } } },
      {
        id: 'post',
        uses: 'http.request',
        name: 'POST it',
        input: { method: 'POST', url: `${target.url}/post`, body: 'is {{ double.n }}' },
      },
      { id: 'end', uses: 'data.set', name: 'Done', input: { fields: { done: true } } },
    ],
    edges: [
      { from: 'hook', to: 'double' },
      { from: 'double', to: 'post' },
      { from: 'post', to: 'end' },
    ],
  })
  await send(hooks, 'stepped', { n: 21 })
  await target.until((requests) => requests.length === 1)
  await zaps.open('Stepped')

  // By the menu, and by the key on what is selected; it is seen on the card, read out with it, and there after a reload.
  await editor.step('post').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /breakpoint/ }).click()
  await expect(editor.step('post').getByRole('img', { name: 'Breakpoint' })).toBeVisible()
  await editor.step('end').click()
  await page.keyboard.press('b')
  await expect(page.getByRole('img', { name: 'Breakpoint' })).toHaveCount(2)
  await page.keyboard.press('b')
  await expect(page.getByRole('img', { name: 'Breakpoint' })).toHaveCount(1)
  await page.reload()
  await expect(editor.step('post')).toHaveAttribute('aria-label', /breakpoint/)

  await page.getByRole('button', { name: 'Other ways to run' }).click()
  await page.getByRole('menuitem', { name: 'Run to breakpoint' }).click()
  const banner = page.getByRole('region', { name: 'Paused test' })
  await expect(banner).toContainText('before “POST it”')
  await expect(banner).toContainText('Next step really does it: POST')
  await expect(editor.step('post')).toContainText('Paused')
  await expect(editor.step('hook')).toContainText('Last event')
  await expect(editor.form.getByRole('region', { name: 'What this step would get' })).toContainText('is 42')
  await editor.step('double').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('42')
  expect(target.requests).toHaveLength(1)
  await accessible(page, 'a paused test')

  // It stands there for whoever looks among the runs, and when the editor is opened again.
  await runs.show()
  await expect(runs.rows('Stepped').first()).toContainText('Paused in a test')
  await runs.rows('Stepped').first().getByRole('link').click()
  await page.getByRole('button', { name: 'Go on in the editor' }).click()
  await expect(banner).toContainText('before “POST it”')
  await banner.getByRole('button', { name: 'Next step' }).click()
  await expect(banner).toContainText('before “Done”')
  expect(target.requests.map((request) => request.body)).toEqual(['is 42', 'is 42'])
  await banner.getByRole('button', { name: 'Continue' }).click()
  await expect(banner).toHaveCount(0)
  await expect(editor.step('end')).toContainText('OK')

  await expect(page.getByRole('button', { name: 'Run now' })).toBeEnabled()

  // Step by step from the start, by keyboard, and stopped before anything is sent.
  await page.keyboard.press('F9')
  await expect(banner).toContainText('before “Double it”')
  await page.keyboard.press('F10')
  await expect(banner).toContainText('before “POST it”')
  await banner.getByRole('button', { name: 'Stop' }).click()
  await expect(banner).toHaveCount(0)
  await expect(page.getByRole('status').filter({ hasText: 'Cancelled' })).toBeVisible()
  expect(target.requests).toHaveLength(2)

  // A run that takes long can be hidden while it goes on, and does not come back with what becomes of it.
  target.neverAnswer()
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(editor.step('post')).toContainText('Running')
  const run = await page.getByRole('link', { name: 'Open run' }).getAttribute('href')
  await page.getByRole('button', { name: 'Hide the run' }).click()
  await expect(editor.step('post')).not.toContainText('Running')
  await expect(page.getByRole('button', { name: 'Run now' })).toBeEnabled()
  await runCli(['run', 'cancel', run?.split('/').at(-1) ?? '', '--data', screens.dataDir])
  await expect(page.getByRole('contentinfo')).toContainText('0 running')
  await expect(page.getByRole('link', { name: 'Open run' })).toHaveCount(0)
})
