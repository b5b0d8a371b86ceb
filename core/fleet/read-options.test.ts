import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { readFleetOptions } from './read-options.ts'

const LOG = 'nats://10.0.4.2:4222'

test('a host without the address of a log stands alone, whatever else it is told', () => {
  expect(readFleetOptions({}, { HOOKLINE_FLEET_NAME: 'office', HOOKLINE_FLEET_KEY: 'x' })).toBeUndefined()
  expect(readFleetOptions({}, { HOOKLINE_FLEET: '' })).toBeUndefined()
  expect(() => readFleetOptions({ name: 'office' }, {})).toThrow('say --fleet URL, too')
})

test('the environment says what the command line does not', () => {
  const file = join(temporaryFolder(), 'key')
  writeFileSync(file, 'correct horse battery\n')
  const environment = {
    HOOKLINE_FLEET: LOG,
    HOOKLINE_FLEET_NAME: 'office',
    HOOKLINE_FLEET_ROLE: 'intake',
    HOOKLINE_FLEET_KEY_FILE: file,
  }
  expect(readFleetOptions({}, environment)).toEqual({
    url: LOG,
    name: 'office',
    roles: ['intake'],
    key: 'correct horse battery',
  })
  expect(readFleetOptions({ name: 'other', role: 'worker, intake' }, environment)).toMatchObject({
    name: 'other',
    roles: ['intake', 'worker'],
  })
})

test('a store for large values is a bucket in an address, with its keys there or in the environment', () => {
  const fleetS3 = 'https://AKIA:se%2Fcret@s3.example.com:9000/large/of/fleets/?region=eu-central-1'
  expect(readFleetOptions({ fleet: LOG, name: 'a', fleetS3 }, {})?.store).toEqual({
    endpoint: 'https://s3.example.com:9000',
    region: 'eu-central-1',
    bucket: 'large',
    prefix: 'of/fleets/',
    accessKeyId: 'AKIA',
    secretAccessKey: 'se/cret',
    shown: 'https://s3.example.com:9000/large/of/fleets',
  })
  const environment = { HOOKLINE_FLEET_S3: 'http://10.0.4.9/large', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' }
  expect(readFleetOptions({ fleet: LOG, name: 'a' }, environment)?.store).toMatchObject({
    ...{ region: 'us-east-1', prefix: '', accessKeyId: 'k', secretAccessKey: 's' },
  })
})

const S3 = 'https://k:hidden@s3.example.com'

test.each([
  [{ fleetS3: `${S3}/large` }, {}, /--fleet-s3 are for a host that joins others/],
  [{ fleet: LOG, name: 'a', fleetS3: 'large' }, {}, /begins with https/],
  [{ fleet: LOG, name: 'a', fleetS3: S3 }, {}, /names no bucket/],
  [{ fleet: LOG, name: 'a', fleetS3: `${S3}/large/a b` }, {}, /has a folder in it/],
  [{ fleet: LOG, name: 'a', fleetS3: `${S3}/large?acl=public` }, {}, /has "acl" behind the "\?", and there is region/],
  [{ fleet: LOG, name: 'a', fleetS3: 'https://s3.example.com/large' }, {}, /has no keys: .*AWS_ACCESS_KEY_ID/],
  [{ fleet: 'http://10.0.4.2' }, {}, /begins with none of nats:/],
  [{ fleet: `${LOG}?fleet=a.b*` }, {}, /names a fleet behind "fleet=" that has other characters/],
  [{ fleet: `${LOG}?fleet=` }, {}, /or none/],
  [{ fleet: `${LOG}?replicas=x` }, {}, /no number from 1 to 999/],
  [{ fleet: `${LOG}?sasl=plain` }, {}, /has "sasl" behind the "\?", and there are fleet, .*creds, discover/],
  [{ fleet: LOG, name: 'Office 1' }, {}, /"Office 1" cannot be its name: .*lower-case/],
  [{ fleet: LOG, name: 'a', role: 'boss' }, {}, /no role "boss": say intake, worker/],
  [{ fleet: LOG, name: 'a', role: '' }, {}, /no role ""/],
  [{ fleet: LOG, name: 'a', fleetKeyFile: '/nowhere/key' }, {}, /\/nowhere\/key .* cannot be read \(ENOENT\)/],
  [{ fleet: LOG, name: 'a' }, { HOOKLINE_FLEET_KEY: 'short' }, /12 characters at least/],
])('%j is refused with a sentence', (options, environment, words) => {
  const read = () => readFleetOptions(options, environment)
  expect(read).toThrow(words)
  expect(read).not.toThrow('hidden')
})
