import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { readPathSecret } from '../ingress/live-triggers.ts'
import { listCredentials, writeCredential } from './credentials.ts'
import { databaseFile, openDatabase } from './open.ts'
import { restoreDatabase } from './restore.ts'
import { writeSetting } from './settings.ts'
import { temporaryFolder } from './test-database.ts'
import { findPermissions, findZapVersion, insertVersion, insertZap, listZaps, setLiveVersion } from './zaps.ts'

const draft = {
  format: 'hookline/zap@1' as const,
  name: 'Orders',
  steps: [{ id: 'hook', uses: 'webhook.receive', input: {} }],
  edges: [],
}

/** A data folder with a zap and a credential, and a backup of it, both changed by another program. */
async function changedFolder(sql: string): Promise<{ folder: string; backup: string }> {
  const folder = temporaryFolder()
  const backup = join(temporaryFolder(), 'backup.db')
  const database = openDatabase(folder)
  await database.write((tx) => {
    insertZap(tx, { id: 'zap_1', draft, now: 0 })
    insertVersion(tx, { zapId: 'zap_1', kind: 'published', definition: draft, now: 0 })
    setLiveVersion(tx, 'zap_1', 1, 0)
    writeSetting(tx, 'pathSecret', 'secret')
    writeCredential(tx, { name: 'key', type: 'header', sealed: Buffer.from('a'), updatedAt: 0, hosts: ['a.example'] })
  })
  await database.backup({ file: backup })
  await database.close()
  for (const file of [databaseFile(folder), backup]) {
    const connection = new Sqlite(file)
    connection.exec(sql)
    connection.close()
  }
  return { folder, backup }
}

/** What a start reads, one after the other. */
async function readAll(folder: string): Promise<void> {
  const database = openDatabase(folder)
  try {
    await readPathSecret(database)
    await findPermissions(database.reader)
    await listZaps(database.reader)
    await findZapVersion(database.reader, 'zap_1', 1)
    await listCredentials(database.reader)
  } finally {
    await database.close()
  }
}

const NEEDED = [
  [
    `UPDATE zap SET draft = json_set(draft, '$.x', 1)`,
    'The draft of the zap "Orders" (zap_1) cannot be read (it holds "x", which is not known here; remove it)',
  ],
  [`UPDATE zap SET draft = '7'`, 'The draft of the zap "Orders" (zap_1) cannot be read (it must be an object)'],
  [`UPDATE zap_version SET definition = json_remove(definition, '$.name')`, '("name" is needed)'],
  [
    `UPDATE setting SET value = '7' WHERE key = 'pathSecret'`,
    'The setting "pathSecret" cannot be read (it must be text)',
  ],
] as const

const OTHERS = [
  [`UPDATE credential SET hosts = '[7]'`, 'The hosts of the credential "key" cannot be read ("0" must be text)'],
] as const

test.each([...NEEDED, ...OTHERS])('%s is told in a sentence with the remedy', async (sql, sentence) => {
  const { folder } = await changedFolder(sql)
  const error = await readAll(folder).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'unreadable', message: expect.stringContaining(sentence) })
  expect(error).toMatchObject({ message: expect.stringContaining('"hookline restore FILE"') })
})

test.each([
  '7',
  'null',
  '{"from":"owner","denied":["file:"]}',
  '{"from":"elsewhere","review":"done","granted":["file:"],"denied":[]}',
])(
  'a zap whose permissions are %s is locked until they are reviewed, and keeps no other from being read',
  async (stored) => {
    const { folder } = await changedFolder(`UPDATE zap SET permissions = '${stored}'`)
    await readAll(folder)
    const database = openDatabase(folder)
    const [zap] = await listZaps(database.reader)
    expect(zap?.permissions).toEqual({ from: 'elsewhere', review: 'pending', granted: [], denied: [] })
    expect((await findPermissions(database.reader)).get('zap_1')).toEqual(zap?.permissions)
    await database.close()
  },
)

test.each(NEEDED)('a backup after %s is not restored', async (sql, sentence) => {
  const { backup } = await changedFolder(sql)
  const folder = temporaryFolder()
  expect(() => restoreDatabase(folder, backup, () => '', 7)).toThrow(sentence)
})
