import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a notification is shown on the open screen, in words and not as markup', async ({ screens }) => {
  const { page, hooks } = screens
  await new Zaps(page).add({
    name: 'Tell',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'tell' } },
      { id: 'tell', uses: 'notify.show', input: { title: 'Order {{ hook.body.id }}', body: '<b>5</b> pieces' } },
    ],
    edges: [{ from: 'hook', to: 'tell' }],
  })
  await send(hooks, 'tell', { id: 'A-17' })
  const told = page.getByRole('region', { name: 'Notifications' })
  await expect(told).toContainText('Order A-17')
  await expect(told).toContainText('<b>5</b> pieces')
  await accessible(page, 'a notification')
  await new Runs(page).openNewest('Tell')
  await expect(new Runs(page).status).toHaveText('Succeeded')
})
