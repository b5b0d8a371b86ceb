import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import type { Json } from '../domain/values/json.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import { testApp } from '../test-app.ts'

type Steps = { id: string; uses: string; input: Record<string, Json> }[]

const watch = { id: 'watch', uses: 'file.watch', input: { folder: 'in', glob: '*' } }

/** A draft with steps one behind the other. */
async function draft(steps: Steps, edges?: ZapFile['edges']) {
  const dataDir = temporaryFolder()
  const { client } = await testApp({ dataDir })
  const at = (...path: string[]) => join(dataDir, 'files', ...path)
  mkdirSync(at('in'), { recursive: true })
  const chain = steps.slice(1).map(({ id }, index) => ({ from: steps[index]?.id ?? '', to: id }))
  const { id } = await client.zaps.create({
    draft: { format: 'hookline/zap@1', name: 'Rule', steps, edges: edges ?? chain },
  })
  const rehearse = async (step: string) => {
    const { lines, total } = await client.zaps.rehearse({ id, step })
    const short = (path: string) => path.slice(at().length + 1)
    return {
      total,
      lines: lines.map(({ path, verdict, step: by, changes, why }) => ({
        file: path === null ? null : short(path),
        verdict,
        by,
        why,
        would: changes.map(
          (one) =>
            `${one.kind} ${short(one.to)}${one.numbered ? ' (numbered)' : ''}${one.replaces ? ' (replaces)' : ''}${one.makes.map((folder) => ` makes ${short(folder)}`).join('')}`,
        ),
      })),
    }
  }
  return { client, id, at, rehearse }
}

/** Everything below a folder, with what is in it. */
function everything(folder: string): unknown {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const stats = statSync(join(folder, name))
      return [name, stats.mtimeMs, stats.isFile() ? readFileSync(join(folder, name), 'utf8') : '']
    })
}

test('a rule says of each file that is there now what it would do, and touches none', async () => {
  const { at, rehearse } = await draft([
    watch,
    {
      id: 'only',
      uses: 'logic.filter',
      input: { all: [{ left: '{{ watch.name }}', op: 'ends-with', right: '.pdf' }] },
    },
    {
      id: 'move',
      uses: 'file.move',
      input: {
        from: '{{ watch.path }}',
        to: 'out/{{ watch.extension }}/{{ watch.name | slice: 0, 3 }}.pdf',
        ifExists: 'number',
      },
    },
    { id: 'note', uses: 'file.append', input: { path: 'index.txt', text: '{{ move.path }}' } },
  ])
  for (const name of ['abc-1.pdf', 'abc-2.pdf', 'other.pdf', 'photo.jpg']) writeFileSync(at('in', name), name)
  mkdirSync(at('out', 'pdf'), { recursive: true })
  writeFileSync(at('out', 'pdf', 'oth.pdf'), 'there')
  const before = everything(at())
  expect(await rehearse('move')).toEqual({
    total: 4,
    lines: [
      // The second one finds the name of the first one taken.
      { file: 'in/abc-1.pdf', verdict: 'change', by: null, why: '', would: ['move out/pdf/abc.pdf'] },
      { file: 'in/abc-2.pdf', verdict: 'change', by: null, why: '', would: ['move out/pdf/abc (2).pdf (numbered)'] },
      { file: 'in/other.pdf', verdict: 'change', by: null, why: '', would: ['move out/pdf/oth (2).pdf (numbered)'] },
      { file: 'in/photo.jpg', verdict: 'stay', by: 'only', why: 'lets nothing through', would: [] },
    ],
  })
  // Up to the last step, of which a template reads what the move would give.
  expect((await rehearse('note')).lines[0]?.would).toEqual(['move out/pdf/abc.pdf', 'append index.txt'])
  expect(everything(at())).toEqual(before)
})

test('each step on files says what it would do', async () => {
  const { at, rehearse } = await draft([
    watch,
    { id: 'folder', uses: 'folder.create', input: { path: 'made/deep' } },
    { id: 'copy', uses: 'file.copy', input: { from: '{{ watch.path }}', to: 'made/deep/' } },
    { id: 'rename', uses: 'file.move', input: { from: '{{ copy.path }}', to: 'made/deep/b.txt' } },
    { id: 'write', uses: 'file.write', input: { path: 'old.txt', content: '{{ watch.name }}' } },
    { id: 'trash', uses: 'file.delete', input: { path: '{{ watch.path }}' } },
  ])
  writeFileSync(at('in', 'a.txt'), 'a')
  writeFileSync(at('old.txt'), 'old')
  const before = everything(at())
  expect((await rehearse('trash')).lines).toEqual([
    {
      file: 'in/a.txt',
      verdict: 'change',
      by: null,
      why: '',
      would: [
        'folder made/deep makes made',
        'copy made/deep/a.txt',
        'move made/deep/b.txt',
        'write old.txt (replaces)',
        'trash in/a.txt',
      ],
    },
  ])
  expect(everything(at())).toEqual(before)
})

test('what would happen for each item of a loop is not known, rather than nothing', async () => {
  const steps = [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'list', uses: 'file.list', input: { folder: 'in' } },
    { id: 'each', uses: 'logic.for-each', input: { items: '{{ list.files }}' } },
    { id: 'move', uses: 'file.move', input: { from: '{{ item.path }}', to: 'out/' } },
  ]
  const { at, rehearse } = await draft(steps, [
    { from: 'go', to: 'list' },
    { from: 'list', to: 'each' },
    { from: 'each', port: 'each', to: 'move' },
  ])
  writeFileSync(at('in', 'a.txt'), 'a')
  const [line] = (await rehearse('move')).lines
  expect(line).toMatchObject({ verdict: 'unknown', by: 'each', would: [] })
  expect(line?.why).toContain('for each item of "each" cannot be shown beforehand')
})

test('what would fail says why, in the words of the step itself', async () => {
  const { at, rehearse } = await draft([
    watch,
    { id: 'move', uses: 'file.move', input: { from: '{{ watch.path }}', to: '{{ watch.name }}' } },
  ])
  writeFileSync(at('in', 'taken.txt'), 'a')
  writeFileSync(at('taken.txt'), 'b')
  const [line] = (await rehearse('move')).lines
  expect(line).toMatchObject({ verdict: 'fail', by: 'move', would: [] })
  expect(line?.why).toContain('already: choose another name')
})

test.skipIf(process.getuid?.() === 0)('a file that may not be moved is told as one', async () => {
  const { at, rehearse } = await draft([
    watch,
    { id: 'move', uses: 'file.move', input: { from: '{{ watch.path }}', to: 'out/' } },
  ])
  writeFileSync(at('in', 'a.txt'), 'a')
  chmodSync(at('in'), 0o500)
  expect((await rehearse('move')).lines[0]?.why).toContain('this user may not do that there')
  chmodSync(at('in'), 0o700)
})

test('steps with another effect are held back: what depends on them is not known, what does not is', async () => {
  const { at, rehearse } = await draft([
    watch,
    { id: 'call', uses: 'http.request', input: { method: 'POST', url: 'http://127.0.0.1:1/' } },
    { id: 'tell', uses: 'notify.show', input: { title: 'x' } },
    { id: 'move', uses: 'file.move', input: { from: '{{ watch.path }}', to: 'out/' } },
    { id: 'write', uses: 'file.write', input: { path: '{{ call.body.name }}', content: '' } },
  ])
  writeFileSync(at('in', 'a.txt'), 'a')
  expect((await rehearse('move')).lines).toMatchObject([{ verdict: 'change', would: ['move out/a.txt makes out'] }])
  const [line] = (await rehearse('write')).lines
  expect(line).toMatchObject({ verdict: 'unknown', by: 'call' })
  expect(line?.why).toContain('held back')
})

test('a step whose trigger watches no folder is looked at with an example', async () => {
  const { rehearse } = await draft([
    { id: 'go', uses: 'manual.run', input: { fields: { name: 'x' } } },
    { id: 'write', uses: 'file.write', input: { path: '{{ go.name }}.txt', content: 'a' } },
  ])
  expect(await rehearse('write')).toEqual({
    total: 1,
    lines: [{ file: null, verdict: 'change', by: null, why: '', would: ['write x.txt'] }],
  })
})

test('what was shown is done for the files that were chosen, and each run can be put back', async () => {
  const { client, id, at, rehearse } = await draft([
    watch,
    { id: 'move', uses: 'file.move', input: { from: '{{ watch.path }}', to: 'out/' } },
    { id: 'behind', uses: 'file.delete', input: { path: '{{ move.path }}' } },
  ])
  for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(at('in', name), name)
  expect((await rehearse('move')).lines).toHaveLength(3)
  const paths = ['a.txt', 'c.txt', 'gone.txt'].map((name) => at('in', name))
  const { runIds } = await client.zaps.runOnFiles({ id, step: 'move', paths })
  expect(runIds).toHaveLength(2)
  await expect
    .poll(() =>
      readdirSync(at(), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.startsWith('out/'))
        .toSorted(),
    )
    .toEqual(['out/a.txt', 'out/c.txt'])
  expect(readdirSync(at('in'))).toEqual(['b.txt'])
  for (const runId of runIds) {
    await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
    expect((await client.runs.putBack({ id: runId })).putBack).toBe(1)
  }
  expect(readdirSync(at('in')).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt'])
})
