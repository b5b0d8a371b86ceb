import { createHmac } from 'node:crypto'
import { expect, test } from '../fixtures/screens.ts'
import { freePort, hasSshd, startSshd } from '../fixtures/sshd.ts'
import { Runs } from '../pages/runs.ts'
import { Zaps } from '../pages/zaps.ts'

const GITHUB = {
  name: 'Pushes',
  steps: [
    {
      id: 'hook',
      uses: 'webhook.catch',
      input: { path: 'pushes', verify: { scheme: 'github', secrets: [{ $credential: 'github' }] } },
    },
    { id: 'set', uses: 'data.set', input: { fields: { ref: '{{ hook.body.ref }}' } } },
  ],
  edges: [{ from: 'hook', to: 'set' }],
}

test.describe('through a real SSH server', () => {
  test.skip(!hasSshd, 'no OpenSSH server here: "apt install openssh-server" gets it')

  test('a signed webhook makes a run, a forged one is explained, and is replayed', async ({ screens, folder }) => {
    const { page } = screens
    const sshd = await startSshd(folder)
    const remotePort = String(await freePort())
    const runs = new Runs(page)

    await page.getByRole('link', { name: 'Credentials' }).click()
    await page.getByRole('button', { name: 'New credential' }).first().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('github')
    await page.getByRole('textbox', { name: 'Secret', exact: true }).fill('our secret')
    await page.getByRole('button', { name: 'Save' }).click()
    await new Zaps(page).add(GITHUB)

    await page.getByRole('link', { name: 'Settings' }).click()
    const tunnel = page.getByRole('region', { name: 'Tunnel' })
    await tunnel.getByRole('radio', { name: /SSH server/ }).click()
    await tunnel.getByRole('button', { name: 'Let webhooks in this way' }).click()
    await expect(tunnel.getByText('is needed.')).toBeVisible()
    await tunnel.getByRole('textbox', { name: /^Server/ }).fill('127.0.0.1')
    await tunnel.getByRole('textbox', { name: 'User' }).fill(sshd.user)
    await tunnel.getByRole('textbox', { name: 'SSH port' }).fill(String(sshd.port))
    await tunnel.getByRole('textbox', { name: 'Key file' }).fill(sshd.identityFile)
    await tunnel.getByRole('textbox', { name: 'Port on the server' }).fill(remotePort)
    await tunnel.getByRole('button', { name: 'Let webhooks in this way' }).click()
    await expect(tunnel.getByRole('status')).toContainText(`http://127.0.0.1:${remotePort}`)
    await expect(tunnel.getByRole('switch', { name: 'Let webhooks in' })).toBeChecked()
    await expect(page.getByRole('contentinfo')).toContainText(`127.0.0.1:${remotePort}`)

    const body = JSON.stringify({ ref: 'refs/heads/main' })
    const post = (secret: string) =>
      fetch(`http://127.0.0.1:${remotePort}/hooks/pushes`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      })
    expect((await post('our secret')).status).toBe(200)
    expect((await post('a wrong secret')).status).toBe(401)
    await runs.show()
    await expect(runs.rows('Pushes')).toHaveCount(1)
    await expect(runs.rows('Pushes')).toContainText('Succeeded')

    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await page.getByRole('row').filter({ hasText: 'Bad signature' }).getByRole('link').click()
    const request = page.getByRole('region', { name: 'Request', exact: true })
    await expect(request.getByRole('list', { name: 'Steps of the check' })).toContainText(
      '{body}, signed with HMAC-SHA256',
    )
    await request.getByRole('button', { name: 'Run again…' }).click()
    await page.getByRole('dialog', { name: 'Run this request again' }).getByRole('button', { name: 'Run it' }).click()
    await expect(runs.status).toHaveText('Succeeded')
    await sshd.stop()
  })
})

test('a tunnel that cannot be opened says why and what to do, and lets itself be switched off', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('link', { name: 'Settings' }).click()
  const tunnel = page.getByRole('region', { name: 'Tunnel' })
  await tunnel.getByRole('radio', { name: /Something of my own/ }).click()
  await tunnel.getByRole('textbox', { name: 'Public address' }).fill(`http://127.0.0.1:${await freePort()}`)
  await tunnel.getByRole('button', { name: 'Let webhooks in this way' }).click()
  await expect(tunnel.getByRole('status')).toContainText('it cannot be reached', { timeout: 60_000 })
  await expect(page.getByRole('contentinfo')).toContainText('Tunnel is down')
  await tunnel.getByRole('switch', { name: 'Let webhooks in' }).click()
  await expect(tunnel.getByRole('status')).toHaveCount(0)
  await expect(page.getByRole('contentinfo')).toContainText('No tunnel')
})

test('a public address that changed names the webhooks whose senders have to be told', async ({ screens }) => {
  const { page, hooks } = screens
  await new Zaps(page).add({
    name: 'Orders',
    steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'moved' } }],
    edges: [],
  })
  await page.getByRole('link', { name: 'Settings' }).click()
  const tunnel = page.getByRole('region', { name: 'Tunnel' })
  await tunnel.getByRole('radio', { name: /Something of my own/ }).click()
  const address = tunnel.getByRole('textbox', { name: 'Public address' })
  await address.fill(hooks)
  await tunnel.getByRole('button', { name: 'Let webhooks in this way' }).click()
  await expect(tunnel.getByRole('status')).toContainText(hooks)
  const second = hooks.replace('127.0.0.1', 'localhost')
  await address.fill(second)
  await tunnel.getByRole('button', { name: 'Open it this way' }).click()
  const bar = page.getByRole('alert', { name: 'The public address changed' })
  await expect(bar).toContainText(`${second}/hooks/moved`)
  await bar.getByRole('button', { name: 'They know' }).click()
  await expect(bar).toHaveCount(0)
})
