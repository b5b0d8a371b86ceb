import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test('no screen has an accessibility violation in any theme, nor what opens over it', async ({ screens }) => {
  const { page, hooks } = screens
  await send(hooks, 'welcome', { name: 'Ada', amount: 75 })
  await expect(page.getByText('Succeeded').first()).toBeVisible()
  await accessible(page, 'zaps')
  await page.getByRole('button', { name: 'New zap' }).click()
  await accessible(page, 'menu of new zaps')
  await page.getByRole('menuitem', { name: 'From a template…' }).click()
  await expect(page.getByRole('dialog', { name: 'New zap from a template' })).toBeVisible()
  await accessible(page, 'templates')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('run')
  await expect(page.getByRole('option').first()).toBeVisible()
  await accessible(page, 'command palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await accessible(page, 'shortcuts')
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Welcome to Hookline' }).click()
  await page.locator('[data-step-id="large"]').click()
  await page.getByRole('textbox', { name: 'Value of condition 1' }).focus()
  await expect(page.getByRole('region', { name: 'Data of earlier steps' })).toBeVisible()
  await accessible(page, 'editor with the data picker')
  // With the colours of a contrast theme of the system fills and shadows are gone: what lies over the screen has a border then.
  await page.emulateMedia({ forcedColors: 'active' })
  await expect(page.getByRole('region', { name: 'Data of earlier steps' })).toHaveCSS('border-top-width', '1px')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-step-id="large"]')).toBeFocused()
  await expect(page.locator('[data-step-id="large"] .step-card')).toHaveCSS('outline-style', 'solid')
  await page.emulateMedia({ forcedColors: 'none' })
  await page.getByRole('button', { name: 'History' }).click()
  await accessible(page, 'history')
  await page.keyboard.press('Escape')
  for (const screen of ['Runs', 'Approvals', 'Inbox', 'Outbox', 'Credentials', 'Settings']) {
    await page.getByRole('link', { name: screen, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible()
    await accessible(page, screen)
  }
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('row').filter({ hasText: 'Welcome' }).getByRole('link').first().click()
  await expect(page.locator('[data-step-id="note"]')).toBeVisible()
  await accessible(page, 'run')
})

test('no screen that asks a person for something has an accessibility violation in any theme', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  target.answerWith(500)
  await new Zaps(page).add({
    name: 'Everything',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'everything' } },
      {
        id: 'paths',
        uses: 'logic.paths',
        input: {
          mode: 'all',
          paths: [
            { id: 'path-1', name: 'Ask', when: { all: [{ left: '{{ hook.body.ask }}', op: 'exists' }] } },
            { id: 'path-2', name: 'Each', when: { all: [{ left: '{{ hook.body.lines }}', op: 'exists' }] } },
          ],
        },
      },
      {
        id: 'ask',
        uses: 'logic.approve',
        input: { message: 'Really?', details: '{{ hook.body }}', expiresIn: '1d' },
      },
      { id: 'loop', uses: 'logic.for-each', input: { items: '{{ hook.body.lines }}', onItemError: 'collect' } },
      { id: 'price', uses: 'data.set', input: { fields: { price: '{{ item.price }}' } } },
      {
        id: 'post',
        uses: 'http.request',
        input: { method: 'POST', url: target.url },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [
      { from: 'hook', to: 'paths' },
      { from: 'paths', port: 'path-1', to: 'ask' },
      { from: 'paths', port: 'path-2', to: 'loop' },
      { from: 'paths', port: 'else', to: 'post' },
      { from: 'loop', port: 'each', to: 'price' },
    ],
  })
  await send(hooks, 'everything', { ask: true })
  await page.getByRole('link', { name: 'Approvals' }).click()
  // A notification says it as well, sooner or later.
  await expect(page.getByRole('listitem', { name: 'Everything: Really?' })).toBeVisible()
  await accessible(page, 'approvals')
  await page.getByRole('link', { name: 'Open run' }).click()
  await expect(runs.panel).toContainText('Really?')
  await accessible(page, 'run that asks')

  await send(hooks, 'everything', { lines: [{ price: 1 }, {}] })
  await runs.show()
  await expect(runs.rows('Everything').filter({ hasText: 'Succeeded' })).toHaveCount(1)
  await runs.openNewest('Everything')
  await expect(runs.timeline).toContainText('Item 2')
  await accessible(page, 'run with a loop')
  await page.getByRole('button', { name: 'More ways to replay' }).click()
  await page.getByRole('menuitem', { name: 'Replay with …' }).click()
  await page.getByRole('radio', { name: 'At the start, with edited data' }).click()
  await accessible(page, 'replay')
  await page.keyboard.press('Escape')

  await send(hooks, 'everything', {})
  await send(hooks, 'everything', {})
  await runs.show()
  await expect(runs.rows('Everything').filter({ hasText: 'Failed' })).toHaveCount(2)
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  await accessible(page, 'runs with a selection')
  await page.getByRole('link', { name: 'Outbox', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Dead letters' })).toContainText('Everything')
  await expect(page.getByRole('table', { name: 'Waiting runs' })).toContainText('For a decision')
  await accessible(page, 'outbox with work')

  await new Zaps(page).open('Everything')
  await expect(page.getByText('When an event comes while a run is not finished')).toBeVisible()
  await accessible(page, 'settings of the zap')
  await page.locator('[data-step-id="paths"]').click()
  await expect(page.getByLabel('Name of path 2')).toBeVisible()
  await accessible(page, 'editor of paths')
})
