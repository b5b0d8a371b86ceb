import { expect, test } from 'vitest'
import { blankZap } from '../domain/zap/zap-file.ts'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

const NO_ZAP = 'zap_01JD0000000000000000000000'
const NO_RUN = 'run_01JD0000000000000000000000'

/** A host with a zap that was removed. */
async function withRemovedZap(): Promise<{ client: TestClient; removed: string }> {
  const { client } = await testApp()
  const removed = await enableZap(client, { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  await client.zaps.remove({ id: removed })
  return { client, removed }
}

const OF_A_ZAP: readonly [name: string, (client: TestClient, id: string) => Promise<unknown>][] = [
  ['get', (client, id) => client.zaps.get({ id })],
  ['duplicate', (client, id) => client.zaps.duplicate({ id })],
  ['saveDraft', (client, id) => client.zaps.saveDraft({ id, baseRevision: 0, draft: blankZap('x') })],
  ['publish', (client, id) => client.zaps.publish({ id })],
  ['setEnabled', (client, id) => client.zaps.setEnabled({ id, enabled: true })],
  ['remove', (client, id) => client.zaps.remove({ id })],
  ['export', (client, id) => client.zaps.export({ id })],
  ['samples', (client, id) => client.zaps.samples({ id })],
  ['permissions', (client, id) => client.zaps.permissions({ id })],
  ['approve', (client, id) => client.zaps.approve({ id, denied: [] })],
  ['allow', (client, id) => client.zaps.allow({ id, keys: ['host:example.com'], allowed: true })],
  ['run', (client, id) => client.zaps.run({ id, source: 'draft' })],
  ['test', (client, id) => client.zaps.test({ id, step: 'go', runs: 'only-step' })],
  ['pinOutput', (client, id) => client.zaps.pinOutput({ id, step: 'go', output: 1 })],
  ['pinSample', (client, id) => client.zaps.pinSample({ id, step: 'go' })],
]

test.each(OF_A_ZAP)(
  'zaps.%s says of a zap that is not there, or was removed, that there is none',
  async (_name, ask) => {
    const { client, removed } = await withRemovedZap()
    for (const id of [NO_ZAP, removed]) {
      await expect(ask(client, id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `There is no zap ${id}.`,
        defined: true,
      })
    }
  },
)

test('the versions of a removed zap can still be read, and it can be restored', async () => {
  const { client, removed } = await withRemovedZap()
  expect(await client.zaps.versions({ id: removed })).toHaveLength(1)
  await expect(client.zaps.versions({ id: NO_ZAP })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.zaps.restore({ id: NO_ZAP })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

const OF_A_RUN: readonly [name: string, (client: TestClient) => Promise<unknown>][] = [
  ['runs.get', (client) => client.runs.get({ id: NO_RUN })],
  ['runs.value', (client) => client.runs.value({ id: NO_RUN, step: 'go', of: 'output' })],
  ['runs.replay', (client) => client.runs.replay({ id: NO_RUN })],
  ['runs.cancel', (client) => client.runs.cancel({ id: NO_RUN })],
  ['runs.resolve', (client) => client.runs.resolve({ id: NO_RUN, choice: 'stop' })],
  [
    'runs.goOn',
    (client) => client.runs.goOn({ id: NO_RUN, step: 'go', stepping: { pauses: 'every-step', breakpoints: [] } }),
  ],
  ['runs.resumeNow', (client) => client.runs.resumeNow({ id: NO_RUN })],
  ['approvals.decide', (client) => client.approvals.decide({ runId: NO_RUN, step: 'ask', decision: 'approved' })],
]

test.each(OF_A_RUN)('%s says of a run that is not there that there is none', async (_name, ask) => {
  const { client } = await testApp()
  await expect(ask(client)).rejects.toMatchObject({ code: 'NOT_FOUND', message: `There is no run ${NO_RUN}.` })
})
