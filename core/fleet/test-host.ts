import { createApp } from '../app.ts'
import type { FleetOptions } from './options.ts'

/** A host of a fleet in a process of its own, for tests that end it by force. Its steps may use the folders that are named last. It prints where its webhooks come in, and works until then. */
const [dataDir = '', options = '', ...allowedFolders] = process.argv.slice(2)
const fleet: FleetOptions = JSON.parse(options)
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const app = createApp({
  host: 'headless',
  version: '0.0.0',
  dataDir,
  hookPort: 0,
  fleet,
  allowedFolders,
  secretBox: () => ({
    protection: 'weak',
    seal: async (text) => Buffer.from(text, 'utf8').reverse(),
    open: async (sealed) => Buffer.from(sealed).reverse().toString('utf8'),
  }),
  notifier: { show: async () => true },
  log: silent,
})
const { hooksUrl } = await app.start()
process.stdout.write(`${hooksUrl}\n`)
