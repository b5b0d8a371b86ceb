import { join } from 'node:path'
import { z } from 'zod'
import { zapFileSchema } from '../../core/domain/zap/zap-file.ts'
import type { ControlClient } from '../../e2e/fixtures/control-client.ts'
import type { Random } from '../random.ts'
import type { Life } from './host-under-test.ts'
import type { Operation, Scene } from './operation.ts'
import type { RoundRecord } from './record.ts'
import { TEST_OPERATIONS } from './test-operations.ts'
import { CREDENTIALS, HOOKS, zapsUnderTest } from './zaps-under-test.ts'

const answerSchema = z.object({ id: z.string(), status: z.enum(['accepted', 'duplicate']) })

/** A sender gives up after this many milliseconds. */
const PATIENCE_MS = 20_000

type Sent = { readonly path: string; readonly n: number; readonly senderId: string | null; readonly size: number }

function nextEvent(random: Random, scene: Scene): Sent {
  const n = ++scene.count
  const { path } = random.pickWeighted(HOOKS)
  const senderId = random.chance(0.3) ? `event-${n}` : null
  // Some are so large that they are kept as files.
  return { path, n, senderId, size: random.chance(0.02) ? 300_000 : 200 }
}

/** Sends an event, and writes down what the host promised. */
async function send(life: Life, scene: Scene, { path, n, senderId, size }: Sent): Promise<void> {
  const { record } = scene
  record.count('posts')
  const items = Array.from({ length: n % 7 }, (_, item) => `${n}-${item}`)
  const response = await fetch(`${life.host.hooks}/hooks/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(senderId === null ? {} : { 'idempotency-key': senderId }),
      ...(path === 'signed' ? { authorization: `Bearer ${scene.secrets.sender}` } : {}),
    },
    body: JSON.stringify({ n, text: 'x'.repeat(size), items }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const body: unknown = await response.json()
  record.count(`answers ${response.status}`)
  if (response.status < 200 || response.status > 299) return
  const { id, status } = answerSchema.parse(body)
  record.acknowledged.push({ eventId: id, path, n, senderId })
  if (status === 'duplicate') record.duplicates++
}

/** Bodies over which a reader could take for ever, by how long they are. */
const HOSTILE: readonly { readonly type: string; text(chars: number): string }[] = [
  { type: 'application/x-www-form-urlencoded', text: (chars) => 'a&'.repeat(chars / 2) },
  { type: 'application/x-www-form-urlencoded', text: (chars) => `amount=${'1'.repeat(chars)}x` },
  { type: 'application/json', text: (chars) => `{"amount":"${'1'.repeat(chars)}x","text":"${' '.repeat(chars)}x"}` },
  { type: 'application/json', text: (chars) => `{"amount":9,"text":"${'ab'.repeat(chars / 2)}"}` },
  { type: 'application/json', text: (chars) => `{"list":[${'{},'.repeat(chars / 3)}{}]}` },
  { type: 'application/json', text: (chars) => `[${'{"$blob":1},'.repeat(chars / 12)}{}]` },
  { type: 'application/json', text: (chars) => '['.repeat(chars) },
  { type: `text/plain; charset=${' '.repeat(2_000)}"a"b`, text: (chars) => 'x'.repeat(chars) },
  { type: 'multipart/form-data; boundary=x', text: (chars) => '--x\r\n\r\n'.repeat(chars / 7) },
]

/** The n-th run of a list that the host gives, counted from any number; undefined when there is none. */
async function someRun(client: ControlClient, filter: Parameters<ControlClient['runs']['list']>[0], at: number) {
  const { runs } = await client.runs.list({ ...filter, limit: 50 })
  return runs[at % Math.max(1, runs.length)]
}

export const OPERATIONS: readonly Operation[] = [
  ...TEST_OPERATIONS,
  {
    name: 'post',
    weight: 30,
    plan(random, scene) {
      const event = nextEvent(random, scene)
      return (life) => send(life, scene, event)
    },
  },
  {
    name: 'burst',
    weight: 6,
    plan(random, scene) {
      const events = Array.from({ length: random.between(10, 40) }, () => nextEvent(random, scene))
      return (life) => Promise.all(events.map((event) => send(life, scene, event)))
    },
  },
  {
    name: 'duplicates',
    weight: 6,
    plan(random, scene) {
      const event = nextEvent(random, scene)
      const named = { ...event, senderId: `event-${event.n}` }
      const copies = Array.from({ length: random.between(2, 6) }, () => named)
      return (life) => Promise.all(copies.map((copy) => send(life, scene, copy)))
    },
  },
  {
    name: 'late duplicate',
    weight: 4,
    plan(random, { record, ...scene }) {
      const known = record.acknowledged.findLast(({ senderId }) => senderId !== null)
      const size = random.between(200, 400)
      return (life) => (known === undefined ? Promise.resolve() : send(life, { record, ...scene }, { ...known, size }))
    },
  },
  {
    name: 'nonsense',
    weight: 3,
    plan(random) {
      const body = random.pick(['', '{', '{"n":', '[]', '"\\ud800"', '{"__proto__":{"n":1}}', '\u0000'])
      const path = random.pick(['/hooks/nowhere', '/', '/hooks/..%2f..%2fhookline.db', '/hooks/relay?n=1'])
      const method = random.pick(['POST', 'PUT', 'DELETE'])
      return async ({ host }) => (await fetch(`${host.hooks}${path}`, { method, body })).status
    },
  },
  {
    name: 'hostile text',
    weight: 2,
    plan(random) {
      const { type, text } = random.pick(HOSTILE)
      const length = random.between(1_000, 1_000_000)
      return async ({ host }) => {
        const body = text(length)
        const response = await fetch(`${host.hooks}/hooks/hostile`, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        await response.text()
      }
    },
  },
  {
    name: 'cancel',
    weight: 3,
    plan(random) {
      const status = random.pick(['running', 'waiting'] as const)
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await someRun(client, { status }, at)
        if (run !== undefined) await client.runs.cancel({ id: run.id })
      }
    },
  },
  {
    name: 'replay',
    weight: 4,
    plan(random) {
      const status = random.pick(['succeeded', 'failed', 'failed', 'cancelled'] as const)
      const fromFailed = random.chance(0.5)
      const version = random.pick(['same', 'newest'] as const)
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await someRun(client, { status }, at)
        if (run !== undefined) await client.runs.replay({ id: run.id, fromFailed, version })
      }
    },
  },
  {
    name: 'replay or cancel many',
    weight: 0.5,
    plan(random, { zapIds }) {
      const action = random.pick(['replay', 'cancel'] as const)
      const zapId = random.pick([...zapIds.values()])
      const filter = action === 'replay' ? { zapId, status: 'failed' as const } : { zapId }
      return ({ client }) => client.bulk.start({ action, filter })
    },
  },
  {
    name: 'edit',
    weight: 2,
    plan(random, scene) {
      const edition = ++scene.count
      const name = random.pick([...scene.zapIds.keys()])
      const draft = zapFileSchema.parse(zapsUnderTest(scene.targetPort, edition)[name])
      return async ({ client }) => {
        const id = scene.zapIds.get(name) ?? ''
        const { draftRevision } = await client.zaps.get({ id })
        await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft })
        await client.zaps.publish({ id })
      }
    },
  },
  {
    name: 'switch',
    weight: 0.7,
    plan(random, { zapIds }) {
      const id = random.pick([...zapIds.values()])
      const pauseMs = random.between(10, 300)
      return async ({ client }) => {
        await client.zaps.setEnabled({ id, enabled: false })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        await client.zaps.setEnabled({ id, enabled: true })
      }
    },
  },
  {
    name: 'decide',
    weight: 5,
    plan(random) {
      const decision = random.pick(['approved', 'declined', 'half'] as const)
      const fields = { why: random.pick(['', 'fine', 'ä\u0000']) }
      const at = random.between(0, 49)
      return async ({ client }) => {
        const open = await client.approvals.list()
        const ask = open[at % Math.max(1, open.length)]
        if (ask !== undefined)
          await client.approvals.decide({ runId: ask.runId, step: ask.step, scope: ask.scope, decision, fields })
      }
    },
  },
  {
    name: 'resolve',
    weight: 3,
    plan(random, { record }) {
      const choice = random.pick(['run-again', 'mark-done', 'stop'] as const)
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await someRun(client, { status: 'needs-review' }, at)
        if (run === undefined) return
        // Before it is asked for: the answer may get lost in a crash.
        if (choice === 'run-again') allowAgain(record, run.id)
        if (choice === 'mark-done') record.markedDone.add(run.id)
        await client.runs.resolve({ id: run.id, choice })
      }
    },
  },
  {
    name: 'go on now',
    weight: 2,
    plan(random) {
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await someRun(client, { status: 'waiting' }, at)
        if (run !== undefined) await client.runs.resumeNow({ id: run.id })
      }
    },
  },
  {
    name: 'pause',
    weight: 0.15,
    plan(random) {
      const pauseMs = random.between(20, 500)
      return async ({ client }) => {
        await client.system.setPaused({ paused: true })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        await client.system.setPaused({ paused: false })
      }
    },
  },
  {
    name: 'look',
    weight: 3,
    plan:
      () =>
      async ({ client }) => {
        const [{ runs }] = await Promise.all([
          client.runs.list({}),
          client.outbox.deadLetters(),
          client.incidents.list(),
        ])
        if (runs[0] !== undefined) await client.runs.get({ id: runs[0].id })
      },
  },
  {
    name: 'set a credential',
    weight: 0.5,
    plan:
      (_random, { secrets }) =>
      ({ client }) =>
        client.credentials.set({ name: CREDENTIALS.target, secret: secrets.target, type: 'secret' }),
  },
  {
    name: 'dismiss dead letters',
    weight: 0.5,
    plan:
      () =>
      ({ client }) =>
        client.outbox.dismiss({}),
  },
  {
    name: 'back up',
    weight: 0.3,
    plan(_random, scene) {
      const file = join(scene.folder, `backup-${++scene.count}.db`)
      return ({ client }) => client.system.backup({ file })
    },
  },
]

/** Notes that a person had the steps of a run done again that were cut off. */
export function allowAgain(record: RoundRecord, runId: string): void {
  record.runAgain.set(runId, (record.runAgain.get(runId) ?? 0) + 1)
}
