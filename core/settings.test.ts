import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  findSetting,
  initialSettings,
  readStoredSection,
  SETTINGS,
  SETTINGS_SECTIONS,
  type Setting,
} from './domain/settings/settings.ts'
import { jsonSchema } from './domain/values/json.ts'
import { testApp } from './test-app.ts'

const entries = SETTINGS_SECTIONS.flatMap((section) =>
  Object.entries(SETTINGS[section]).map(([name, setting]): [string, Setting] => [`${section}.${name}`, setting]),
)

test.each(entries)('%s has words, and an initial value that fits', (key, setting) => {
  expect(findSetting(key)?.setting).toBe(setting)
  expect(setting.title).toMatch(/^[A-Z]/)
  expect(setting.help).toMatch(/\.$/)
  expect(setting.schema.safeParse(setting.initial).success).toBe(true)
  expect(jsonSchema.safeParse(setting.initial).success).toBe(true)
  expect(() => z.toJSONSchema(setting.schema, { io: 'input' })).not.toThrow()
})

test.each(['', 'webhooks', 'webhooks.', 'webhooks.keepDays.x', 'toString.x', 'webhooks.toString', '__proto__.x'])(
  'there is no setting %j',
  (key) => expect(findSetting(key)).toBeUndefined(),
)

test('what is stored wins, what is missing or makes no sense is initial', () => {
  const initial = initialSettings('webhooks')
  expect(readStoredSection('webhooks', undefined)).toEqual(initial)
  expect(readStoredSection('webhooks', 'nonsense')).toEqual(initial)
  const stored = { keepDays: 3, perAddress: 'many', hosts: ['a.example'], unknown: 1 }
  expect(readStoredSection('webhooks', stored)).toEqual({ ...initial, keepDays: 3, hosts: ['a.example'] })
})

test('every setting can be read and changed by its key, and stays after a restart', async () => {
  const { client, app, folder } = await testApp()
  const list = await client.settings.list()
  // Those of a desktop stand beside the database of the desktop app, and there is none here.
  expect(list.map(({ key }) => key)).toEqual(entries.map(([key]) => key).filter((key) => !key.startsWith('desktop.')))
  await expect(client.settings.set({ key: 'desktop.keepAwake', value: true })).rejects.toThrow(
    /without the desktop app/,
  )
  expect(list.every(({ value, initial }) => JSON.stringify(value) === JSON.stringify(initial))).toBe(true)

  const changes = {
    'webhooks.keepDays': 7,
    'incidents.stuckAfterMinutes': 30,
    'history.keepFailedDays': 0,
    'backups.keep': 3,
    'notifications.incidents': false,
  }
  for (const [key, value] of Object.entries(changes)) {
    expect(await client.settings.set({ key, value })).toMatchObject({ key, value })
  }
  expect((await client.inbox.settings()).keepDays).toBe(7)
  expect((await client.incidents.settings()).stuckAfterMinutes).toBe(30)
  expect((await client.history.get()).settings).toEqual({ keepSucceededDays: 90, keepFailedDays: 0 })
  expect((await client.backups.list()).settings).toEqual({ enabled: true, folder: null, keep: 3 })
  await app.stop()

  const again = await testApp({ dataDir: folder })
  const values = Object.fromEntries((await again.client.settings.list()).map(({ key, value }) => [key, value]))
  expect(values).toMatchObject({ ...changes, 'webhooks.perAddress': 3_000 })
})

test.each<[string, unknown, RegExp]>([
  ['webhooks.nothing', 1, /There is no setting "webhooks.nothing"/],
  ['webhooks.hosts', ['http://x'], /must be the name of a computer/],
  [
    'webhooks.maxDataGb',
    0.0000001,
    /"Gigabytes that all data may take" \(webhooks.maxDataGb\) must be 0, .* from 0\.01 to 100,000\./,
  ],
  ['webhooks.maxDataGb', 0.0099, /from 0\.01 to/],
  ['backups.keep', 'abc', /"Backups that stay" \(backups.keep\) must be a whole number from 1 to 1,000\./],
  ['backups.folder', '/no/such/folder', /There is no folder \/no\/such\/folder/],
])('%s is not set to %j', async (key, value, message) => {
  const { client } = await testApp()
  const before = await client.settings.list()
  await expect(client.settings.set({ key, value: jsonSchema.parse(value) })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(message),
  })
  expect(await client.settings.list()).toEqual(before)
})

const numbers = entries.filter(([, { initial }]) => typeof initial === 'number')

test('every number setting names itself and its bounds, however it is missed', async () => {
  const { client } = await testApp()
  for (const [key, { title }] of numbers) {
    for (const value of ['abc', -1, 1e9, null]) {
      await expect(client.settings.set({ key, value })).rejects.toMatchObject({
        message: expect.stringMatching(/^".+" \(\w+\.\w+\) must be a (whole )?number from [\d,]+ to [\d,]+\.$/),
      })
      await expect(client.settings.set({ key, value })).rejects.toMatchObject({
        message: expect.stringContaining(`"${title}" (${key})`),
      })
    }
  }
})

test('the limit of all data may be taken away, and may be small', async () => {
  const { client } = await testApp()
  for (const value of [0, 0.01]) {
    expect(await client.settings.set({ key: 'webhooks.maxDataGb', value })).toMatchObject({ value })
  }
})
