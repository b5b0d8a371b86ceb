import type { Page } from '@playwright/test'
import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { enableZap, sendEvents } from '../fixtures/seeded-runs.ts'
import { relayZap } from '../fixtures/zap-files.ts'

const ONE_ATTEMPT = { retry: { maxAttempts: 1 } }

const delayZap = {
  format: 'hookline/zap@1',
  name: 'Later',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'later' } },
    { id: 'wait', uses: 'logic.delay', input: { for: '20h' } },
    { id: 'note', uses: 'data.set', input: { fields: { done: true } } },
  ],
  edges: [
    { from: 'hook', to: 'wait' },
    { from: 'wait', to: 'note' },
  ],
}

async function openRuns(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
}

async function narrowTo(page: Page, status: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: status }).click()
}

/** Keeps what the host says from the first message on that matches, until the returned function lets it through. */
async function holdBack(page: Page, pattern: RegExp): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await page.routeWebSocket(/./, (screen) => {
    const host = screen.connectToServer()
    let isHeld = false
    host.onMessage((message) => {
      isHeld ||= pattern.test(message.toString())
      if (isHeld) void released.then(() => screen.send(message))
      else screen.send(message)
    })
  })
  await page.reload()
  return release
}

test('50 failed runs are replayed at once, after a question that names them, and the end is told on another screen', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'relay', relayZap('in', target.url, ONE_ATTEMPT))
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 50)
  await target.until((requests) => requests.length === 50)

  await openRuns(page)
  await narrowTo(page, 'Failed')
  await expect(page.getByRole('table', { name: 'Runs' })).toHaveAttribute('aria-rowcount', '51')
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  const bar = page.getByRole('region', { name: 'Selected runs' })
  await expect(bar).toContainText('50 runs selected')
  // Nothing of it is under way.
  await expect(bar.getByRole('button', { name: 'Cancel runs' })).toHaveCount(0)

  await bar.getByRole('button', { name: 'Replay', exact: true }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Replay 50 runs?')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toHaveCount(0)
  expect(target.requests).toHaveLength(50)

  target.answerWith(200)
  await bar.getByRole('button', { name: 'More ways to replay' }).click()
  await page.getByRole('menuitem', { name: 'Replay from the failed step' }).click()
  await expect(question).toContainText('Replay 50 runs from the failed step?')
  await question.getByRole('button', { name: 'Replay 50 runs' }).click()
  await page.getByRole('link', { name: 'Zaps', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Replayed 50 runs')
  await target.until((requests) => requests.length === 100)

  await openRuns(page)
  await narrowTo(page, 'Succeeded')
  await expect(page.getByRole('row').filter({ hasText: 'replay' }).first()).toBeVisible()
  await expect(page.getByRole('table', { name: 'Runs' })).toHaveAttribute('aria-rowcount', '51')
  await narrowTo(page, 'Failed')
  await expect(page.getByText('No run matches')).toBeVisible()

  // What was replayed is left out of the next one, which says so, and takes it along only when told to.
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  await bar.getByRole('button', { name: 'Replay', exact: true }).click()
  await expect(question).toContainText('Replay 50 runs?')
  await expect(question).toContainText('50 already replayed are left out.')
  await question.getByRole('checkbox', { name: 'Replay once more what was replayed before' }).click()
  await expect(question).toContainText('Replay 100 runs?')
  await expect(question).toContainText('Nothing is left out.')
  await accessible(page, 'replay')
  await question.getByRole('button', { name: 'Cancel' }).click()
})

test('all that match are replayed, shown or not, and the way there is seen', async ({ screens, target, face }) => {
  test.setTimeout(120_000)
  const { page, hooks } = screens
  // What is over at once shows no progress, and how fast this machine is, nobody knows: the end is told when the way was seen.
  // The desktop app has no socket to hold anything back at.
  const tellTheEnd = face === 'headless' ? await holdBack(page, /"state":"done"/) : () => undefined
  await enableZap(screens.dataDir, 'relay', relayZap('in', target.url, ONE_ATTEMPT))
  target.answerWith(500)
  await sendEvents(`${hooks}/hooks/in`, 600)
  await target.until((requests) => requests.length === 600)

  await openRuns(page)
  await narrowTo(page, 'Failed')
  await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
  await page.getByRole('button', { name: 'Select all failed runs' }).click()
  const bar = page.getByRole('region', { name: 'Selected runs' })
  await expect(bar).toContainText('All failed runs selected')
  await bar.getByRole('button', { name: 'Replay', exact: true }).click()
  // What is not shown is counted as well.
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Replay 600 runs?')
  await question.getByRole('button', { name: 'Replay 600 runs' }).click()
  if (face === 'headless') {
    await expect(page.getByRole('progressbar', { name: /^Replaying \d+ of 600 runs/ })).toBeVisible()
    tellTheEnd()
  }
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Replayed 600 runs', {
    timeout: 60_000,
  })
  await expect(page.getByRole('list', { name: 'Jobs under way' })).toHaveCount(0)
})

test('runs are selected by keyboard and in ranges, and those that wait are cancelled together', async ({ screens }) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'later', delayZap)
  await sendEvents(`${hooks}/hooks/later`, 6)
  await openRuns(page)
  const boxes = page.getByRole('checkbox', { name: 'Select run of Later' })
  await expect(boxes).toHaveCount(6)
  const bar = page.getByRole('region', { name: 'Selected runs' })

  await boxes.nth(1).click()
  await boxes.nth(4).click({ modifiers: ['Shift'] })
  await expect(bar).toContainText('4 runs selected')
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)

  const links = page.getByRole('link', { name: 'Open run of Later' })
  await links.first().focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+Space')
  await expect(bar).toContainText('3 runs selected')
  // What waits has not ended.
  await expect(bar.getByRole('button', { name: 'Replay', exact: true })).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+a')
  await expect(bar).toContainText('6 runs selected')
  await boxes.nth(5).click()

  await bar.getByRole('button', { name: 'Cancel runs' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Cancel 5 runs?')
  await question.getByRole('button', { name: 'Cancel 5 runs' }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Cancelled 5 runs')
  await expect(page.getByRole('row').filter({ hasText: 'Cancelled' })).toHaveCount(5)
  await expect(page.getByRole('row').filter({ hasText: 'Until' })).toHaveCount(1)
})
