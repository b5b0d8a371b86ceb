import { expect, test } from 'vitest'
import { partOf } from './part-of.ts'
import { profileTable } from './profile-table.ts'

const ran = (script: string, isNative = false, name = 'f') => partOf({ name, script, isNative })

test('time counts for a file of ours, a package, SQLite, or what Node does', () => {
  expect(ran('../../core/engine/execute-run.ts')).toBe('core/engine/execute-run.ts')
  expect(ran('../../core/db/executor.ts')).toBe('core/db/executor.ts')
  expect(ran('../../core/db/executor.ts', true, '')).toBe('SQLite')
  expect(ran('file:///app/node_modules/undici/lib/dispatcher/client.js')).toBe('undici')
  expect(ran('file:///app/core/node_modules/@orpc/server/dist/index.js')).toBe('@orpc/server')
  expect(ran('node:_http_server')).toBe('Node: HTTP')
  expect(ran('node:internal/streams/readable')).toBe('Node: sockets and streams')
  expect(ran('', true, '(garbage collector)')).toBe('garbage collection')
  expect(ran('', true, '(idle)')).toBe(ran('node:inspector'))
})

test('the table has shares of the busy time, the largest first, and small parts together', () => {
  const ingest = new Map([
    ['idle', 900],
    ['SQLite', 60],
    ['undici', 39.5],
    ['zod', 0.5],
  ])
  const runs = new Map([['undici', 10]])
  expect(profileTable({ ingest, runs }).split('\n').slice(2)).toEqual([
    '| undici | 39.5 | 100 |',
    '| SQLite | 60 | 0 |',
    '| everything else | 0.5 | 0 |',
  ])
})
