import { hasServer, startNats } from '../../core/test-servers.ts'
import { accessible } from '../fixtures/accessible.ts'
import { connectTo } from '../fixtures/control-client.ts'
import { type RunningHost, startHost } from '../fixtures/headless-host.ts'
import { test as base, expect } from '../fixtures/test.ts'
import { relayZap } from '../fixtures/zap-files.ts'
import { send } from '../pages/zaps.ts'

/** A host is gone after one and a half seconds, and not after nine. */
const ENVIRONMENT = {
  HOOKLINE_FLEET_TIMES: JSON.stringify({ leaseMs: 1_500, marginMs: 500, relayedMs: 1_500, retryMs: 300, letterMs: 5 }),
  HOOKLINE_FLEET_KEY: 'correct horse battery',
}

type Fleet = {
  readonly nats: Awaited<ReturnType<typeof startNats>>
  /** Starts a host of the fleet; it ends with the test, however that ends. */
  start(name: string): Promise<RunningHost>
}

const test = base.extend<{ fleet: Fleet }>({
  fleet: async ({ folder }, use) => {
    base.skip(!hasServer.nats, 'there is no nats-server here (scripts/find-servers.mjs names its package)')
    const nats = await startNats()
    const hosts: RunningHost[] = []
    await use({
      nats,
      async start(name) {
        const args = ['--fleet', `nats://127.0.0.1:${nats.port}`, '--name', name]
        const host = await startHost({ dataDir: `${folder}/${name}`, env: ENVIRONMENT, args })
        hosts.push(host)
        return host
      },
    })
    await Promise.all(hosts.map((host) => host.stop()))
    await nats.stop()
  },
})

test('two hosts are seen at their work; one is drained, taken back, lost and removed; then the log is lost', async ({
  browser,
  fleet: { nats, start },
  target,
}) => {
  const office = await start('office')
  const page = await browser.newPage()
  await page.goto(office.ui)
  await page.getByRole('link', { name: 'Fleet', exact: true }).click()
  await expect(page.getByText('This host is the only one yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Add a host' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a host' })
  await dialog.getByLabel('Its name').fill('Warehouse 1')
  await expect(dialog).toContainText('lower-case letters, digits and hyphens')
  await dialog.getByLabel('Its name').fill('warehouse')
  await expect(dialog).toContainText(
    `hookline start --fleet nats://127.0.0.1:${nats.port} --name warehouse --role worker`,
  )
  await expect(dialog).toContainText('which another one cannot reach')
  await page.keyboard.press('Escape')

  const warehouse = await start('warehouse')
  const hosts = page.getByRole('table', { name: 'Hosts', exact: true })
  const row = (name: string) => hosts.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) })
  await expect(row('warehouse')).toContainText('Connected')
  await expect(page.getByRole('contentinfo')).toContainText('2 of 2 hosts')
  const control = await connectTo(office.dataDir)
  await control.client.zaps.import({
    files: [{ file: 'relay.zap.json', content: relayZap('orders', target.url) }],
    enable: true,
  })
  for (let n = 0; n < 12; n++) await send(office.hooks, 'orders', { n })
  await target.until((requests) => requests.length >= 12)
  const runs = page.getByRole('table', { name: 'Newest runs of all hosts' })
  await expect(runs.getByRole('row').filter({ hasText: 'warehouse' }).first()).toContainText('Succeeded')
  await accessible(page, 'fleet')
  await runs.getByRole('row').filter({ hasText: 'warehouse' }).first().getByRole('link').click()
  await expect(page.getByRole('main').getByText('warehouse', { exact: true })).toBeVisible()
  await expect(page.locator('[data-step-id]').first()).toContainText('OK')
  await expect(page.getByRole('button', { name: 'Replay' })).toHaveCount(0)
  await page.goBack()

  await row('warehouse').getByRole('button', { name: 'warehouse', exact: true }).focus()
  await page.keyboard.press('d')
  await expect(row('warehouse')).toContainText('Drained')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row('warehouse')).toContainText('Connected')

  await warehouse.kill()
  await expect(row('warehouse')).toContainText('Gone')
  await expect(page.getByRole('contentinfo')).toContainText('1 of 2 hosts')
  await expect(hosts).toContainText(/warehouse has not been heard of for/)
  await page.getByRole('button', { name: 'Remove from the fleet…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove host' }).click()
  await expect(row('warehouse')).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText(
    'warehouse was taken out of the fleet',
  )

  await nats.stopAlone()
  await expect(page.getByText(/Working alone since/)).toBeVisible()
  await expect(row('office')).toContainText('Alone')
  await send(office.hooks, 'orders', { n: 12 })
  await target.until((requests) => requests.some(({ body }) => body.includes('12')))
  control.close()
  await page.context().close()
})
