import { expect, test } from 'vitest'
import type { FleetMember } from '../../core/contract/fleet-values.ts'
import { happeningWords } from '../../core/contract/fleet-words.ts'
import { dotsFor, pictureSides, pointOnWire } from './fleet-picture.ts'
import { goneWords, hostsWords, joinCommand } from './fleet-words.ts'

const member = (name: string, more: Partial<FleetMember> = {}): FleetMember => ({
  name,
  isSelf: false,
  version: '1.4.0',
  isOlder: false,
  roles: ['worker'],
  address: 'http://10.0.4.11:4781',
  state: 'connected',
  lag: 5,
  running: 1,
  runsAMinute: 120,
  minutes: [],
  takenInASecond: 0,
  outgoing: 0,
  relayed: 0,
  oldestMs: null,
  owns: 0,
  seenMs: 1_000,
  lacks: [],
  ...more,
})

test('a host with two roles stands at both sides of the picture', () => {
  const members = [
    member('office', { isSelf: true, roles: ['intake', 'worker'], takenInASecond: 9.9, lag: 3 }),
    member('edge', { roles: ['intake'], state: 'gone', takenInASecond: 4, seenMs: 360_000 }),
    member('warehouse'),
  ]
  const { intake, workers } = pictureSides({ members })
  expect(intake).toMatchObject([
    { name: 'office', words: '594 a minute', isSelf: true, rate: 9.9 },
    { name: 'edge', words: 'gone for 6 min', state: 'gone', rate: 0 },
  ])
  expect(workers).toMatchObject([
    { name: 'office', words: 'lag 3' },
    { name: 'warehouse', words: 'lag 5', rate: 2 },
  ])
  expect(hostsWords({ members })).toBe('2 of 3 hosts')
})

test('many hosts are drawn as one, and those that are gone beside it', () => {
  const members = Array.from({ length: 12 }, (_, at) => member(`w-${at}`, { lag: 4 }))
  members.push(member('lost', { state: 'gone', seenMs: 60_000 }))
  expect(pictureSides({ members }).workers).toMatchObject([
    { name: '12 workers', words: 'lag 48', rate: 24 },
    { name: 'lost', state: 'gone' },
  ])
  const many = members.map((one, at) => (at % 2 === 0 ? { ...one, state: 'gone' as const } : one))
  expect(pictureSides({ members: many }).workers).toMatchObject([
    { name: '6 workers' },
    { name: '7 hosts', words: 'gone', state: 'gone' },
  ])
})

test('a wire leaves and arrives where it is to, and has more dots where more goes', () => {
  const wire = { from: 10, to: 90, width: 200 }
  expect(pointOnWire(wire, 0)).toEqual({ x: 0, y: 10 })
  expect(pointOnWire(wire, 1)).toEqual({ x: 200, y: 90 })
  expect(pointOnWire(wire, 0.5)).toEqual({ x: 100, y: 50 })
  expect([0, 0.1, 3, 10_000].map((rate) => dotsFor(rate).count)).toEqual([0, 1, 3, 5])
})

test('what became of the work of a host that is gone is said in sentences', () => {
  const edge = member('edge', { state: 'gone', relayed: 14, outgoing: 2 })
  const at = '2026-11-30T09:36:00.000Z'
  const happened = [{ kind: 'handover' as const, at, from: 'edge', to: 'office', zaps: 2, tookMs: 9_200 }]
  expect(goneWords(edge, happened)).toBe(
    '14 events that it took in are in the log and go on elsewhere. What starts 2 zaps went from edge to office in 9 s; nothing was missed. 2 events that it had not sent on yet, and what it took in since, wait on its own disk, and are sent when it comes back.',
  )
  expect(happened.map(happeningWords)).toEqual(['What starts 2 zaps went from edge to office in 9 s'])
})

test('the command names the role only where it is one', () => {
  const address = 'nats://10.0.4.2:4222'
  expect(joinCommand({ address, name: 'b', roles: ['worker'] })).toBe(
    'hookline start --fleet nats://10.0.4.2:4222 --name b --role worker',
  )
  expect(joinCommand({ address, name: 'b', roles: ['intake', 'worker'] })).toBe(
    'hookline start --fleet nats://10.0.4.2:4222 --name b',
  )
})
