import type { Page } from '@playwright/test'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { enableZap, sendEvents } from '../fixtures/seeded-runs.ts'
import { relayZap } from '../fixtures/zap-files.ts'

const ONE_ATTEMPT = { retry: { maxAttempts: 1 } }

async function openOutbox(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Outbox', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Outbox' })).toBeVisible()
}

const letters = (page: Page) =>
  page.getByRole('table', { name: 'Dead letters' }).getByRole('row').filter({ hasText: 'Relay' })

test('a dead letter is replayed, another dismissed after a change of mind, and the incident closes', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'relay', relayZap('in', target.url, ONE_ATTEMPT))
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 2)
  await openOutbox(page)
  await expect(letters(page)).toHaveCount(2)
  const spark = page.getByRole('region', { name: 'Throughput' }).getByRole('img')
  await expect(spark).toHaveAccessibleName(/last hour: 0 succeeded, 2 failed\. Most in one minute: [12],/)
  await expect(letters(page).first()).toContainText('500')

  // The status bar tells what happened and what to do, and leads there.
  await page.getByRole('button', { name: '1 open incident' }).click()
  const incidents = page.getByRole('dialog', { name: 'Open incidents' })
  await expect(incidents).toContainText('2 runs of "Relay in" were given up')
  await incidents.getByRole('link', { name: 'Show dead letters' }).click()
  await expect(incidents).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Dead letters' })).toBeFocused()
  const open = page.getByRole('region', { name: 'Open incidents' })
  await expect(open).toContainText('Put right what they failed at')

  target.answerWith(200)
  await letters(page).first().getByRole('button', { name: 'Replay' }).click()
  await expect(letters(page)).toHaveCount(1)
  await target.until((requests) => requests.length === 3)

  await letters(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(letters(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(letters(page)).toHaveCount(1)
  await letters(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(open).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'open incident' })).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Earlier incidents' })).toContainText('"Relay in"')

  await page.reload()
  await expect(page.getByText('None. There is nothing to replay or dismiss.')).toBeVisible()
  await expect(page.getByRole('table', { name: 'Earlier incidents' })).toContainText('"Relay in"')
})

test('all dead letters are replayed at once, and those that fail again are dismissed at once', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'relay', relayZap('in', target.url, ONE_ATTEMPT))
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 12)
  await openOutbox(page)
  await page.getByRole('button', { name: 'Show all 12' }).click()
  await expect(letters(page)).toHaveCount(12)
  const newest = letters(page).first().getByRole('link')
  const before = (await newest.getAttribute('href')) ?? ''

  await page.getByRole('button', { name: 'Replay all' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Replay 12 runs?')
  await question.getByRole('button', { name: 'Replay all' }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Replayed 12 runs')
  await target.until((requests) => requests.length === 24)

  // The list may be some seconds behind: only letters of the replays are left then.
  await expect(newest).not.toHaveAttribute('href', before)
  await expect(letters(page)).toHaveCount(12)
  await page.getByRole('button', { name: 'Dismiss all' }).click()
  await expect(question).toContainText('Dismiss 12 dead letters?')
  await question.getByRole('button', { name: 'Dismiss all' }).click()
  await expect(page.getByText('None. There is nothing to replay or dismiss.')).toBeVisible()
})

test('a run that waits for its next attempt says so, and is made to go on, or cancelled', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  await enableZap(
    screens.dataDir,
    'relay',
    relayZap('in', target.url, { retry: { maxAttempts: 2, baseMs: 3_600_000 } }),
  )
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 2)
  await openOutbox(page)
  const waiting = page.getByRole('table', { name: 'Waiting runs' }).getByRole('row').filter({ hasText: 'Relay' })
  await expect(waiting).toHaveCount(2)
  await expect(waiting.first()).toContainText('Next attempt in')

  target.answerWith(200)
  await waiting.first().getByRole('button', { name: 'Resume' }).click()
  await target.until((requests) => requests.length === 3)
  await expect(waiting).toHaveCount(1)
  await waiting.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(page.getByText('None. No run waits for a retry, a time, or a person.')).toBeVisible()
  expect(target.requests).toHaveLength(3)
})

test('what is stuck and what is selected has no accessibility violation', async ({ screens, target }) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'relay', relayZap('in', target.url, ONE_ATTEMPT))
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 6)
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  await accessible(page, 'runs that are selected')
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await accessible(page, 'the question')
  await page.keyboard.press('Escape')
  await openOutbox(page)
  await expect(page.getByRole('region', { name: 'Open incidents' })).toBeVisible()
  await accessible(page, 'outbox')
  await page.getByRole('button', { name: /open incident/ }).click()
  await accessible(page, 'incidents')
})
