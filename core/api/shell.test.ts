import { expect, test } from 'vitest'
import type { Shell } from '../domain/host/shell.ts'
import { initialSettings } from '../domain/settings/settings.ts'
import { testApp } from '../test-app.ts'

test('a host without a desktop app has nothing around its screens, and says so', async () => {
  const { client } = await testApp()
  expect(await client.shell.state()).toBe(null)
  expect(await client.shell.takeOpened()).toEqual([])
  expect(await client.shell.notices()).toBe(null)
  for (const ask of [
    () => client.shell.setCommandLine({ isWanted: true }),
    () => client.shell.checkForUpdates(),
    () => client.shell.installUpdate(),
    () => client.shell.showLog(),
    () => client.shell.leaveQuickRun({ path: '/runs' }),
    () => client.shell.setTheme({ theme: 'dark' }),
  ])
    await expect(ask()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('desktop app') })
})

test('the settings of a desktop are kept by its shell, which may refuse in its own words', async () => {
  let values = initialSettings('desktop')
  let changed = (): void => undefined
  // What a screen asks for here; the rest is the desktop app's own test.
  const shell = {
    settings: {
      values: () => values,
      async change(next) {
        if (next.launchAtLogin) throw new Error('The autostart folder cannot be written to.')
        values = next
      },
    },
    watch(listener) {
      changed = listener
    },
    takeOpened: () => [{ kind: 'screen', path: '/runs' }],
    setCommandLine: () => Promise.reject(new Error('Another program has the name.')),
  } satisfies Partial<Shell> as unknown as Shell
  const { client } = await testApp({ shell })
  expect(await client.settings.set({ key: 'desktop.keepAwake', value: true })).toMatchObject({ value: true })
  expect(values.keepAwake).toBe(true)
  await expect(client.settings.set({ key: 'desktop.updates', value: 'nightly' })).rejects.toThrow(/Updates/)
  await expect(client.settings.set({ key: 'desktop.quickRunKeys', value: 'rm -rf' })).rejects.toThrow(/must be keys/)
  await expect(client.settings.set({ key: 'desktop.launchAtLogin', value: true })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'The autostart folder cannot be written to.',
  })
  await expect(client.shell.setCommandLine({ isWanted: true })).rejects.toThrow('Another program has the name.')

  const events = await client.events.watch({ screen: true })
  await events.next()
  changed()
  for await (const event of events) if (event.type === 'shell') break
  expect(await client.shell.takeOpened()).toEqual([{ kind: 'screen', path: '/runs' }])
})
