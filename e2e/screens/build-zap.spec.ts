import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/screens.ts'
import { storedDraft } from '../fixtures/stored-draft.ts'
import { Editor } from '../pages/editor.ts'
import { keyboardHands } from '../pages/keyboard-hands.ts'
import { mouseHands } from '../pages/mouse-hands.ts'
import { Runs } from '../pages/runs.ts'
import { send } from '../pages/zaps.ts'

test.use({ shares: true })

/** Tells whether a pointer was moved or pressed on the page since this was called. */
async function watchPointer(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(`for (const type of ['pointermove', 'pointerdown'])
    document.addEventListener(type, () => document.documentElement.setAttribute('data-pointed', ''), true)`)
  return () => page.evaluate<boolean>(`document.documentElement.hasAttribute('data-pointed')`)
}

const ORDER = { customer: 'Ada', amount: 75 }

for (const [means, handsOf] of [
  ['the mouse', mouseHands],
  ['the keyboard alone', keyboardHands],
] as const) {
  test(`a person builds, tests, publishes and fires a zap with ${means}, looks at its run, and undoes and redoes it all`, async ({
    screens,
    target,
  }) => {
    const { page, hooks } = screens
    const hands = handsOf(page)
    const editor = new Editor(page)
    const runs = new Runs(page)
    const isPointed = await watchPointer(page)

    await hands.startZap('Sorted orders')
    const zapId = new URL(page.url()).hash.split('/').at(-1) ?? ''
    const draft = () => storedDraft(screens.dataDir, zapId)
    const blank = draft()

    await hands.add('Catch webhook', 'hook', { at: [0, -230] })
    await hands.write('Path', 'sorted')
    await editor.saved()
    await hands.press('Capture next request')
    await expect(editor.form).toContainText('Waiting for a request')
    await send(hooks, 'sorted', ORDER)
    await expect(editor.form).toContainText('Captured POST')

    await hands.add('Paths', 'paths', { after: 'hook', at: [0, -110] })
    await hands.write('Name of path 1', 'Large')
    await hands.map('Value of condition 1', 'hook.body.amount')
    await hands.choose('Comparison of condition 1', 'is greater than')
    await hands.write('Compare with of condition 1', '50')

    await hands.add('HTTP request', 'request', { after: 'paths', port: 'path-1', at: [-150, 60] })
    await hands.choose('Method', 'POST')
    await hands.write('Address', `${target.url}/large`)
    await hands.press('Text')
    await hands.map('Body', 'hook.body.customer')
    await hands.add('Append to file', 'file', { after: 'request', at: [-150, 200] })
    await hands.write('File', 'large.txt')
    await hands.map('Line', 'request.status')
    await hands.select('paths')
    await hands.add('Set data', 'fields', { after: 'paths', port: 'else', at: [150, 60] })
    await hands.press('Add a value')
    await hands.write('Values: name 1', 'small')
    await hands.map('Values: value of small', 'hook.body.amount')
    await expect(editor.edge('paths', 'request')).toContainText('Large')
    await expect(editor.edge('paths', 'fields')).toContainText(/else/i)

    await hands.select('request')
    await hands.view('Test')
    await hands.press('Test this step')
    await expect(editor.step('request')).toContainText('OK')
    await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('received: 1')
    expect(target.requests).toMatchObject([{ method: 'POST', path: '/large', body: 'Ada' }])

    await hands.publish()
    await expect(page.getByText(/Live: version/)).toBeVisible()
    await send(hooks, 'sorted', { ...ORDER, customer: 'Grace' })
    await target.until((requests) => requests.length === 2)
    expect(target.requests[1]).toMatchObject({ path: '/large', body: 'Grace' })

    await hands.openRun('Sorted orders')
    await expect(runs.status).toHaveAttribute('data-status', 'succeeded')
    await expect(editor.step('file')).toContainText('OK')
    await expect(editor.step('fields')).toContainText('Skipped')
    await hands.selectInRun('request')
    await expect(runs.panel).toContainText('received: 2')
    await hands.viewInRun('Input')
    await expect(runs.panel).toContainText('Grace')

    await hands.openZap('Sorted orders')
    await expect(editor.step('fields')).toBeVisible()
    const built = draft()
    expect(built.steps.map((step) => step.id)).toEqual(['hook', 'paths', 'request', 'file', 'fields'])
    await hands.undoAll()
    await expect(page.locator('[data-step-id]')).toHaveCount(0)
    await expect.poll(draft).toEqual(blank)
    await hands.redoAll()
    await expect(editor.step('fields')).toBeVisible()
    await expect.poll(draft).toEqual(built)
    expect(await isPointed()).toBe(means === 'the mouse')
  })
}

test('a zap that is not finished cannot be published, and each problem leads to its field', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Run by hand', 0, -150)
  await editor.drag('HTTP request', 0, 100)
  await editor.connect('manual', 'request')
  await editor.canvas.click({ position: { x: 30, y: 30 } })
  await editor.publish()
  const problems = page.getByLabel('Problems')
  await expect(problems).toBeVisible()
  await problems.getByRole('button').filter({ hasText: 'HTTP request' }).first().click()
  await expect(editor.field('Address')).toBeFocused()
})
