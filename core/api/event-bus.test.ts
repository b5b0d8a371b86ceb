import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../test-app.ts'
import { pauseAfter } from './event-bus.ts'

const zap = {
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'tell', uses: 'notify.show', input: { title: 'Order {{ go.n }}', body: 'Look at it.' } },
  ],
  edges: [{ from: 'go', to: 'tell' }],
}
const noDesktop = { notifier: { show: async () => false } }

test('where the desktop shows nothing, an open screen does, and the step succeeds', async () => {
  const { client } = await testApp(noDesktop)
  const id = await enableZap(client, zap)
  const screen = await client.events.watch({ screen: true })
  await screen.next()
  const { run, steps } = await runToEnd(client, id, { n: 7 })
  expect(run.status).toBe('succeeded')
  expect(steps.find(({ step }) => step === 'tell')?.output).toMatchObject({ shownOn: ['screens'] })
  for await (const event of screen) {
    if (event.type !== 'notice') continue
    expect(event).toEqual({ type: 'notice', title: 'Order 7', body: 'Look at it.' })
    break
  }
})

test('with no screen open the step fails and says so; a command that listens is no screen', async () => {
  const { client } = await testApp(noDesktop)
  const id = await enableZap(client, zap)
  const command = await client.events.watch()
  await command.next()
  const { run, steps } = await runToEnd(client, id, { n: 7 })
  expect(run.status).toBe('failed')
  expect(run.reason).toContain('no screen of Hookline is open')
  const told = steps.find((one) => one.step === 'tell')
  expect(told?.attempts).toMatchObject([{ error: { code: 'not-shown' } }])
})

test('a desktop that breaks keeps no screen from showing it', async () => {
  const { client } = await testApp({ notifier: { show: () => Promise.reject(new Error('no bus')) } })
  const id = await enableZap(client, zap)
  expect((await runToEnd(client, id, { n: 1 })).run.status).toBe('failed')
  const screen = await client.events.watch({ screen: true })
  await screen.next()
  expect((await runToEnd(client, id, { n: 2 })).run.status).toBe('succeeded')
})

test('a new incident reaches the open screens', async () => {
  const { client, app } = await testApp(noDesktop)
  const screen = await client.events.watch({ screen: true })
  await screen.next()
  const id = await enableZap(client, {
    ...zap,
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'tell', uses: 'logic.stop', input: { as: 'failed' } },
    ],
  })
  for (let n = 0; n < 5; n++) await runToEnd(client, id, {})
  await app.resumed()
  for await (const event of screen) if (event.type === 'notice' && event.title.includes('keeps failing')) break
})

test('changes are told ten times a second, and twice where hundreds of runs change', () => {
  expect([0, 1, 10].map(pauseAfter)).toEqual([100, 100, 100])
  expect(pauseAfter(30)).toBe(300)
  expect([50, 1_000].map(pauseAfter)).toEqual([500, 500])
})
