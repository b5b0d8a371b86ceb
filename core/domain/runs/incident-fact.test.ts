import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type IncidentFact, incidentFactSchema, incidentText, storedIncidentText } from './incident-fact.ts'

test.each<[IncidentFact, string]>([
  [
    { kind: 'stuck', zapName: 'Orders', count: 1, afterMs: 60_000 },
    '1 run of "Orders" was due more than a minute ago and did not begin.',
  ],
  [
    { kind: 'stuck', zapName: 'Orders', count: 1_001, afterMs: 300_000 },
    'More than 1000 runs of "Orders" were due more than 5 minutes ago and did not begin.',
  ],
  [
    { kind: 'retrying', zapName: 'Orders', count: 2, afterMs: 300_000 },
    '2 runs of "Orders" have been failing for more than 5 minutes and are tried again.',
  ],
  [{ kind: 'dead-letters', zapName: 'Orders', count: 1 }, '1 run of "Orders" was given up: replay or dismiss it.'],
  [{ kind: 'failing', zapName: 'Orders', count: 5 }, 'The newest 5 runs of "Orders" all failed.'],
  [
    { kind: 'standstill', at: 'run', what: 'run_1' },
    'Hookline stood still before it was ended: it was working on the run run_1, which is set aside.',
  ],
  [
    { kind: 'standstill', at: 'unknown', what: '' },
    'Hookline stood still before it was ended: it was busy with something unknown.',
  ],
  [
    { kind: 'lease-storm', count: 7, withinMs: 600_000 },
    '7 runs had to be taken up again within 10 minutes, as the process that worked on them vanished.',
  ],
  [
    { kind: 'polling', zapName: 'Orders', count: 5, message: 'GET http://a.example/ answered 401' },
    '"Orders" cannot see what is new: 5 polls in a row failed. GET http://a.example/ answered 401',
  ],
  [
    { kind: 'subscribing', zapName: 'Orders', count: 5, message: 'POST http://a.example/hooks answered 401' },
    'The service of "Orders" could not be told to call, 5 times in a row. POST http://a.example/hooks answered 401',
  ],
  [
    { kind: 'disk', message: { code: 'limit', used: 2_040_000_000, limit: 2_000_000_000 } },
    "Webhooks are answered 507 and nothing of them is kept. Hookline's data takes 2 GB, and may take 2 GB: delete old runs, or allow more (Settings, Webhooks).",
  ],
  [
    { kind: 'disk', message: { code: 'disk', free: 12_340_000, dataDir: '/data' } },
    'Webhooks are answered 507 and nothing of them is kept. Only 12.3 MB are free on the disk of /data: make room there.',
  ],
  [
    { kind: 'disk', message: 'Only 12 MB are free: make room.' },
    'Webhooks are answered 507 and nothing of them is kept. Only 12 MB are free: make room.',
  ],
  [
    { kind: 'backup', message: { code: 'no-room', folder: '/b', needed: 101e6, free: 5e6, isSameDisk: true } },
    'The daily backup failed: There is no room for a backup in /b: 101 MB are needed, with what has to stay free, and 5 MB are free. Make room, keep fewer backups, or choose a folder on another disk.',
  ],
  [
    { kind: 'backup', message: { code: 'became-full', folder: '/b' } },
    'The daily backup failed: The disk of /b became full while the backup was written.',
  ],
  [{ kind: 'backup', message: 'No disk.' }, 'The daily backup failed: No disk.'],
  [
    { kind: 'fleet-host', host: 'edge', afterMs: 60_000 },
    'Nothing was heard of the host "edge" of the fleet for more than a minute. What it had taken from the log goes on elsewhere; what it had not sent on waits on its disk.',
  ],
  [
    { kind: 'fleet-behind', count: 3, afterMs: 900_000 },
    '3 events that this host took in have waited for the fleet for more than 15 minutes, and no host has said that their runs have ended.',
  ],
])('%j is said as it was before incidents were facts', (fact, sentence) => {
  expect(incidentText(fact)).toBe(sentence)
  expect(storedIncidentText({ data: JSON.stringify(fact), text: '' })).toBe(sentence)
  expect(incidentFactSchema.parse(JSON.parse(JSON.stringify(fact)))).toEqual(fact)
})

test('what older versions stored is told as it is, and what cannot be read says so', () => {
  expect(storedIncidentText({ data: null, text: '2 runs wait.' })).toBe('2 runs wait.')
  fc.assert(
    fc.property(fc.string(), (data) => {
      expect(storedIncidentText({ data, text: '' })).not.toBe('')
    }),
  )
})
