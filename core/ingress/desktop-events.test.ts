import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import type { Desktop, OpenTarget } from '../domain/host/desktop.ts'
import { manualClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../test-app.ts'

/** A desktop that does as it is told. */
function desktopDouble() {
  const listeners = new Set<(url: string) => void>()
  const keys = new Map<string, () => void>()
  const state = { clipboard: 'before', looks: 0, opened: [] as OpenTarget[], taken: ['Ctrl+T'] }
  const desktop: Desktop = {
    links(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    hotkeys(combination, pressed) {
      if (state.taken.includes(combination)) return null
      keys.set(combination, pressed)
      return () => void keys.delete(combination)
    },
    clipboard: {
      async read() {
        state.looks++
        return state.clipboard
      },
      async write(text) {
        state.clipboard = text
      },
    },
    async open(target) {
      if (target.kind === 'app' && target.name === 'None') throw new Error('there is no app "None"')
      state.opened.push(target)
    },
  }
  return { desktop, state, keys, open: (url: string) => listeners.forEach((one) => void one(url)), listeners }
}

const starts = (client: TestClient, uses: string, input: Record<string, Json>) =>
  enableZap(client, { name: uses, steps: [{ id: 'on', uses, input }], edges: [] })

const outputs = async (client: TestClient, zapId: string): Promise<unknown[]> => {
  const { runs } = await client.runs.list({ zapId })
  const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps[0]?.output)
}

test('a link starts the zaps of its name, with what stands behind it; other links start none', async () => {
  const { desktop, open, listeners } = desktopDouble()
  const { client } = await testApp({ desktop })
  const id = await starts(client, 'link.opened', { name: 'Log-Work' })
  for (const url of [
    'hookline://link/other',
    'hookline://zap/log-work',
    'https://link/log-work',
    'hookline://link/log-work/more',
    `hookline://link/log-work?${'a=1&'.repeat(3_000)}`,
    'hookline://link/%2e%2e',
    'not a link',
  ]) {
    open(url)
  }
  open('hookline://link/log-work?hours=2&note=a%20b&__proto__=x')
  await expect.poll(() => outputs(client, id)).toHaveLength(1)
  const [output] = (await outputs(client, id)) as { name: string; query: object }[]
  expect(output).toMatchObject({ name: 'log-work', query: { hours: '2', note: 'a b' } })
  expect(Object.hasOwn(output?.query ?? {}, '__proto__')).toBe(true)
  await client.zaps.setEnabled({ id, enabled: false })
  expect(listeners.size).toBe(0)
})

test('keys are taken while a zap asks for them, shared by zaps, and given back', async () => {
  const { desktop, keys } = desktopDouble()
  const warn = vi.fn()
  const { client } = await testApp({ desktop, log: { info: vi.fn(), warn, error: vi.fn() } })
  const first = await starts(client, 'hotkey.pressed', { keys: 'CmdOrCtrl+Shift+K' })
  const second = await starts(client, 'hotkey.pressed', { keys: 'CmdOrCtrl+Shift+K' })
  expect([...keys.keys()]).toEqual(['CmdOrCtrl+Shift+K'])
  keys.get('CmdOrCtrl+Shift+K')?.()
  await expect.poll(() => outputs(client, first)).toEqual([{ keys: 'CmdOrCtrl+Shift+K' }])
  await expect.poll(() => outputs(client, second)).toHaveLength(1)
  await client.zaps.setEnabled({ id: first, enabled: false })
  expect(keys.size).toBe(1)
  await client.zaps.setEnabled({ id: second, enabled: false })
  expect(keys.size).toBe(0)
  await starts(client, 'hotkey.pressed', { keys: 'Ctrl+T' })
  expect(warn.mock.calls.flat().join()).toContain('another program has them')
})

test.each(['K', 'Shift+K', 'Ctrl+', 'Ctrl+KK', '', 'Hyper+K', 'Ctrl+Shift', '__proto__'])(
  'the keys %j are none to be taken',
  async (keys) => {
    const { client } = await testApp({ desktop: desktopDouble().desktop })
    await expect(starts(client, 'hotkey.pressed', { keys })).rejects.toThrow('keys')
  },
)

test('the clipboard is looked at only while a zap asks for it, and each text that is copied starts a run', async () => {
  const clock = manualClock(Date.parse('2026-11-30T12:00:00Z'))
  const { desktop, state } = desktopDouble()
  const { client } = await testApp({ desktop, clock })
  clock.advance(5_000)
  expect(state.looks).toBe(0)
  const id = await starts(client, 'clipboard.changed', {})
  const look = async () => {
    const before = state.looks
    await expect
      .poll(() => {
        clock.advance(700)
        return state.looks
      })
      .toBeGreaterThan(before + 1)
  }
  await look()
  state.clipboard = 'one'
  await look()
  state.clipboard = 'two'
  await look()
  await expect.poll(() => outputs(client, id)).toEqual([{ text: 'one' }, { text: 'two' }])
  await client.zaps.setEnabled({ id, enabled: false })
  const after = state.looks
  clock.advance(10_000)
  expect(state.looks).toBe(after)
})

test.each([
  ['link.opened', { name: 'a' }, 'hears of no links'],
  ['hotkey.pressed', { keys: 'Ctrl+K' }, 'hears of no keys'],
  ['clipboard.changed', {}, 'has no clipboard'],
])('%s is not published where it cannot work, with what to do about it', async (uses, input, message) => {
  const { client } = await testApp()
  await expect(starts(client, uses, input)).rejects.toThrow(message)
  await expect(starts(client, uses, input)).rejects.toThrow('desktop app')
})

async function does(uses: string, input: Record<string, Json>, given: Json = {}) {
  const double = desktopDouble()
  const dataDir = temporaryFolder()
  mkdirSync(join(dataDir, 'files'), { recursive: true })
  writeFileSync(join(dataDir, 'files', 'a.pdf'), 'pdf')
  writeFileSync(join(dataDir, 'files', 'a.sh'), 'sh')
  const { client } = await testApp({ desktop: double.desktop, dataDir })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'step', uses, input },
    ],
    edges: [{ from: 'go', to: 'step' }],
  })
  const { run, steps } = await runToEnd(client, id, given)
  const step = steps.find(({ step }) => step === 'step')
  return {
    ...double,
    run,
    output: step?.output,
    error: step?.attempts.at(-1)?.error,
    file: join(dataDir, 'files', 'a.pdf'),
  }
}

test('a text is put into the clipboard', async () => {
  const { state, output } = await does('clipboard.set', { text: '{{ go.order }}' }, { order: { id: 1 } })
  expect([state.clipboard, output]).toEqual(['{"id":1}', { text: '{"id":1}' }])
})

test.each<[string, Json, Json, OpenTarget | 'file']>([
  [
    'an address',
    'https://example.com/{{ go.id }}',
    { id: 'a b' },
    { kind: 'address', url: 'https://example.com/a%20b' },
  ],
  ['a mail', 'mailto:{{ go.to }}', { to: 'ada@example.org' }, { kind: 'address', url: 'mailto:ada@example.org' }],
  [
    'a link of an app',
    'obsidian://open?vault={{ go.v }}',
    { v: 'x' },
    { kind: 'address', url: 'obsidian://open?vault=x' },
  ],
  ['a file', '{{ go.file }}', { file: 'a.pdf' }, 'file'],
  ['an app', 'Calculator', {}, { kind: 'app', name: 'Calculator' }],
])('%s is opened', async (_what, target, given, expected) => {
  const { state, file, run } = await does('app.open', { target }, given)
  expect(run.status).toBe('succeeded')
  expect(state.opened).toEqual([expected === 'file' ? { kind: 'file', path: file } : expected])
})

test.each<[string, Json, string]>([
  ['{{ go.x }}', 'javascript:alert(1)', 'is not opened, as it may run something'],
  ['{{ go.x }}', 'file:///etc/passwd', 'is not opened'],
  ['{{ go.x }}', 'ms-msdt:/id', 'is not opened'],
  ['{{ go.x }}', 'slack://channel', 'came with a value from outside'],
  ['{{ go.x }}', 'Calculator', 'came with a value from outside'],
  ['{{ go.x }}', 'a.sh', 'would be run, not shown'],
  ['{{ go.x }}', 'a.sh.', 'would be run, not shown'],
  ['{{ go.x }}', '/etc/hosts.txt', 'not inside an allowed folder'],
  ['{{ go.x }}', 'none.pdf', 'There is no file'],
  ['{{ go.x }}', '-a.b c; rm', 'There is no file|is no address'],
  ['None', '', 'there is no app "None"'],
])('%s with %j is not opened', async (target, x, message) => {
  const { state, error } = await does('app.open', { target }, { x })
  expect(state.opened).toEqual([])
  expect(error?.message).toMatch(new RegExp(message))
})
