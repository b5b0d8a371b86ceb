import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'

const go = { id: 'go', uses: 'manual.run', input: {} }
const rows = (items: string, left: string) => ({
  id: 'rows',
  uses: 'list.filter',
  input: { items, all: [{ left, op: 'gt', right: '{{ go.least }}' }] },
})

test('a step that looks at each item is tested alone, and its input is shown with what is looked at as it is written', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [go, rows('{{ go.list }}', '{{ item.n }}')],
    edges: [{ from: 'go', to: 'rows' }],
  })
  const list = [{ n: 1 }, { n: 3 }]
  const { runId } = await client.zaps.test({ id, step: 'rows', runs: 'only-step', outputs: { go: { list, least: 2 } } })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find(({ step }) => step === 'rows')).toMatchObject({
    input: { items: list, all: [{ left: '{{ item.n }}', op: 'gt', right: '{{ go.least }}' }] },
    output: { items: [{ n: 3 }], rest: [{ n: 1 }], count: 1 },
  })
})

test('inside of a loop the list is that of the round, and an item one of the list', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      go,
      { id: 'each', uses: 'logic.for-each', input: { items: '{{ go.groups }}' } },
      rows('{{ item.rows }}', '{{ item.n }}'),
    ],
    edges: [
      { from: 'go', to: 'each' },
      { from: 'each', port: 'each', to: 'rows' },
    ],
  })
  const groups = [{ rows: [{ n: 1 }, { n: 2 }] }, { rows: [{ n: 5 }, { n: 6 }] }]
  const { steps } = await runToEnd(client, id, { least: 1, groups })
  const counts = steps.filter(({ step }) => step === 'rows').map(({ output }) => Object(output).count)
  expect(counts).toEqual([1, 2])
})

test('an item exists only where a list is looked at', async () => {
  const { client } = await testApp()
  const content = {
    format: 'hookline/zap@1',
    name: 'Wrong',
    steps: [go, rows('{{ item.rows }}', '{{ gone.n }}')],
    edges: [{ from: 'go', to: 'rows' }],
  }
  const { zaps } = await client.zaps.import({ files: [{ file: 'wrong', content }], enable: true })
  expect(zaps[0]?.problems).toMatchObject([
    { field: 'input.items', message: expect.stringContaining('reads "item", which exists only behind the port') },
    { field: 'input.all.0.left', message: expect.stringContaining('reads "gone", but no step has that id') },
  ])
})
