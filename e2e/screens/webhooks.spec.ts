import { createHmac } from 'node:crypto'
import { accessible } from '../fixtures/accessible.ts'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { Editor } from '../pages/editor.ts'

const SECRET = 'a-secret-that-nobody-may-see'

const signedZap = {
  format: 'hookline/zap@1',
  name: 'Pushes',
  steps: [
    {
      id: 'hook',
      uses: 'webhook.catch',
      input: { path: 'push', verify: { scheme: 'github', secrets: [{ $credential: 'github' }] } },
    },
    { id: 'note', uses: 'data.set', input: { fields: { who: '{{ hook.body.sender.login }}' } } },
  ],
  edges: [{ from: 'hook', to: 'note' }],
}

const body = JSON.stringify({ sender: { login: 'octocat' } })

function push(hooks: string, secret: string): Promise<Response> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${signature}`,
  }
  return fetch(`${hooks}/hooks/push`, { method: 'POST', headers, body })
}

async function setUp(dataDir: string): Promise<void> {
  await runCli(['credential', 'set', 'github', '--stdin', '--data', dataDir], { stdin: SECRET })
  await enableZap(dataDir, 'pushes', signedZap)
}

test('a signed webhook is seen in the app with its run; a forged one is explained step by step, and runs when a person says so', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await setUp(screens.dataDir)
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  expect((await push(hooks, SECRET)).status).toBe(200)
  const accepted = page.getByRole('row').filter({ hasText: 'Accepted' })
  await expect(accepted).toContainText('GitHub')
  await accepted.getByRole('link').click()
  const request = page.getByRole('region', { name: 'Request', exact: true })
  await expect(request).toContainText('looks like GitHub')
  await expect(request.getByRole('tab', { name: 'Signature' })).toHaveCount(0)

  expect((await push(hooks, 'another')).status).toBe(401)
  await page.getByRole('row').filter({ hasText: 'Bad signature' }).getByRole('link').click()
  const steps = request.getByRole('list', { name: 'Steps of the check' })
  await expect(steps.getByRole('listitem')).toHaveCount(3)
  await expect(steps).toContainText('{body}, signed with HMAC-SHA256')
  await expect(steps).toContainText(body)
  const expected = createHmac('sha256', SECRET).update(body).digest('hex')
  await expect(steps).toContainText(`sha256=${expected.slice(0, 8)}…`)
  await expect(page.locator('body')).not.toContainText(SECRET)
  await expect(page.locator('body')).not.toContainText(expected)
  await expect(request).toContainText('Compare the secret')

  await request.getByRole('button', { name: 'Run again…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run this request again' })
  await expect(dialog.getByRole('combobox', { name: 'Version' })).toContainText('live')
  await dialog.getByRole('button', { name: 'Run it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Pushes' })).toBeVisible()
  await expect(page.getByText('Succeeded').first()).toBeVisible()
})

test('the inbox finds what was sent, and says when nothing has it', async ({ screens }) => {
  const { page, hooks } = screens
  await setUp(screens.dataDir)
  await push(hooks, SECRET)
  await fetch(`${hooks}/hooks/nowhere`, { method: 'POST', body: 'hello' })
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await expect(page.getByRole('row')).toHaveCount(3)
  const search = page.getByRole('searchbox', { name: 'Search requests' })
  await search.fill('OCTOCAT')
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(page.getByRole('row').nth(1)).toContainText('/hooks/push')
  await search.fill('no such thing')
  await expect(page.getByText('No request has this in it')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filter' }).first().click()
  await expect(page.getByRole('row')).toHaveCount(3)
})

test('the next request is captured in the editor, becomes the sample, and tells how to check its sender', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await fetch(`${hooks}/hooks/push`, { method: 'POST', body: '{}' })
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await page.getByRole('link', { name: 'Open POST /hooks/push' }).click()
  await page.getByRole('button', { name: 'Make a zap for this path' }).click()
  const editor = new Editor(page)
  await editor.step('hook').click()
  await editor.form.getByRole('button', { name: 'Capture next request' }).click()
  await expect(editor.form.getByText('Waiting for a request…')).toBeVisible()
  await expect.poll(async () => (await push(hooks, 'whatever')).status).toBe(200)
  await expect(editor.form.getByText('Captured POST from GitHub')).toBeVisible()
  await editor.form.getByRole('button', { name: 'Check the sender this way' }).click()
  await expect(editor.form.getByRole('combobox', { name: 'Sent by' })).toContainText('GitHub')
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await expect(editor.form.getByText('Pinned: a request that was caught. Tests begin with it.')).toBeVisible()
  await expect(editor.form).toContainText('octocat')
})

test('what holds for all webhooks is set in the settings', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const section = page.getByRole('region', { name: 'Webhooks' })
  await section.getByLabel('Days that the inbox keeps requests').fill('7')
  await section.getByLabel('Requests a minute from one address').fill('120')
  await section.getByLabel('Gigabytes that all data may take').fill('0.5')
  await section.getByLabel('Other names of this computer').fill('http://hooks.example.com')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByText('must be the name of a computer')).toBeVisible()
  await section.getByLabel('Other names of this computer').fill('hooks.example.com box')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(section.getByLabel('Gigabytes that all data may take')).toHaveValue('0.5')
  await expect(section.getByLabel('Other names of this computer')).toHaveValue('hooks.example.com, box')
  await expect(section.getByLabel('Days that the inbox keeps requests')).toHaveValue('7')
  await expect(section.getByLabel('Requests a minute from one address')).toHaveValue('120')
})

test('the explanation and the dialog have no accessibility violation', async ({ screens }) => {
  const { page, hooks } = screens
  await setUp(screens.dataDir)
  await push(hooks, 'another')
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await page.getByRole('link', { name: 'Open POST /hooks/push' }).click()
  const request = page.getByRole('region', { name: 'Request', exact: true })
  await expect(request.getByRole('list', { name: 'Steps of the check' })).toBeVisible()
  await accessible(page, 'explanation of a signature')
  await request.getByRole('button', { name: 'Run again…' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await accessible(page, 'dialog to run a request again')
})
