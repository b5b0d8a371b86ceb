import type { Database } from '../db/open.ts'
import { readSetting, startSettings, writeSetting } from '../db/settings.ts'
import { insertZap } from '../db/zaps.ts'
import { newZapId } from '../domain/host/ids.ts'
import type { Clock } from '../domain/time/clock.ts'
import { ZAP_FORMAT, type ZapFile } from '../domain/zap/zap-file.ts'
import { publishDraft } from './zap-publishing.ts'

/** A zap that shows on the first day what a zap is: fire it with one `curl` line and read the file that it writes. */
const welcomeZap: ZapFile = {
  format: ZAP_FORMAT,
  name: 'Welcome to Hookline',
  description: 'Send it an order; those above 50 are written to welcome.txt in your Hookline files.',
  steps: [
    {
      id: 'hook',
      uses: 'webhook.catch',
      name: 'An order comes in',
      input: { path: 'welcome' },
      position: { x: 0, y: 0 },
    },
    {
      id: 'large',
      uses: 'logic.filter',
      name: 'Only large orders',
      input: { all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '50' }] },
      position: { x: 0, y: 160 },
    },
    {
      id: 'note',
      uses: 'file.append',
      name: 'Write it down',
      input: {
        path: 'welcome.txt',
        text: '{{ hook.receivedAt }}  {{ hook.body.name | default: "Somebody" }} ordered for {{ hook.body.amount }}',
      },
      position: { x: 0, y: 320 },
    },
  ],
  edges: [
    { from: 'hook', to: 'large' },
    { from: 'large', to: 'note' },
  ],
}

/** Adds the welcome zap, switched on, to a new data folder: once, also when it was deleted since. */
export async function addWelcomeZap(database: Database, clock: Clock): Promise<void> {
  if (await readSetting(database.reader, 'welcomed', startSettings.welcomed)) return
  await database.write((tx) => {
    const zap = { id: newZapId(), draft: welcomeZap, now: clock.now() }
    insertZap(tx, zap)
    publishDraft(tx, zap, { enable: true, now: zap.now })
    writeSetting(tx, 'welcomed', true)
  })
}
