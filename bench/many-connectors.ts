/**
 * What connectors cost that no zap uses: builds the headless host once as it is and once with 500 more connectors in 50 apps, starts both
 * by turns, and compares how long they take to be ready, how long they work for that, and what memory they hold when idle.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

const APPS = 50
const ACTIONS = 10
const ROUNDS = Number(process.env.ROUNDS ?? 9)
/** Milliseconds after which a started host is idle. */
const SETTLED_MS = 4_000
/** How much more 500 connectors may cost. */
const LIMIT = 1.05

const root = join(import.meta.dirname, '..')

/** Copies the sources, adds apps, and builds; returns the folder of the built program. */
function build(folder: string, apps: number): string {
  for (const name of ['core', 'headless', 'scripts', 'renderer', 'package.json', 'vite.headless.config.ts']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const names = Array.from({ length: apps }, (_, at) => `made${at}`)
  for (const name of names) {
    const file = join(folder, 'core/connectors/apps', name, `${name}.app.ts`)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, appText(name))
  }
  if (apps > 0) {
    const list = join(folder, 'core/connectors/apps.ts')
    const entries = names.map(
      (name) => `  { id: '${name}', load: async () => (await import('./apps/${name}/${name}.app.ts')).${name} },`,
    )
    writeFileSync(list, readFileSync(list, 'utf8').replace(/\n\]\s*$/, `\n${entries.join('\n')}\n]\n`))
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const built = spawnSync(process.execPath, [vite, 'build', '--config', 'vite.headless.config.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`the build of ${folder} failed:\n${built.stdout}${built.stderr}`)
  mkdirSync(join(folder, 'out/renderer'), { recursive: true })
  writeFileSync(join(folder, 'out/renderer/index.html'), '<!doctype html>')
  return join(folder, 'out/headless')
}

function appText(name: string): string {
  const actions = Array.from(
    { length: ACTIONS },
    (_, at) => `
const action${at} = appAction({
  name: 'action-${at}',
  title: 'Action ${at} of ${name}',
  description: 'Does the thing number ${at} that ${name} is asked for most.',
  summary: '{subject}',
  effect: 'keyed',
  input: z.strictObject({
    subject: z.string().min(1).meta({ title: 'Subject', description: 'What it is about.', ui: { widget: 'template' } }),
    text: z.string().optional().meta({ title: 'Text', ui: { widget: 'template-long' } }),
    count: z.int().min(0).max(1_000).default(10).meta({ title: 'Count', ui: { advanced: true } }),
    kind: z.enum(['one', 'two', 'three']).default('one').meta({ title: 'Kind', ui: { labels: { one: 'One', two: 'Two', three: 'Three' } } }),
    labels: z.array(z.string().min(1)).max(20).optional().meta({ title: 'Labels', ui: { widget: 'text-list', advanced: true } }),
    fields: z.record(z.string(), z.string()).optional().meta({ title: 'Fields', ui: { widget: 'key-value', advanced: true } }),
  }),
  output: z.object({ id: z.string(), createdAt: z.string() }),
  sample: { id: '${name}-${at}', createdAt: '2026-11-24T09:00:00.000Z' },
  async run({ input, http }) {
    const answer = await http({ method: 'POST', path: 'things/${at}', body: { subject: input.subject, count: input.count } })
    return answer.as(z.object({ id: z.string(), createdAt: z.string() }))
  },
})`,
  )
  return `import { z } from 'zod'
import { appAction, defineApp } from '../../define-app.ts'
${actions.join('\n')}

export const ${name} = defineApp({
  id: '${name}',
  title: '${name}',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="currentColor"><path d="M3 5h18v12H9l-5 4v-4H3z"/></svg>',
  hue: 200,
  address: 'https://${name}.example.com',
  account: 'needed',
  actions: [${Array.from({ length: ACTIONS }, (_, at) => `action${at}`).join(', ')}],
})
`
}

/** Starts a host on a new data folder; returns milliseconds until it was ready, and megabytes that it holds when idle. */
async function measure(program: string): Promise<{ startMs: number; cpuMs: number; idleMb: number }> {
  const data = mkdtempSync(join(tmpdir(), 'hookline-many-'))
  const begun = performance.now()
  const args = [
    join(program, 'cli.js'),
    'start',
    '--json',
    '--port',
    '0',
    '--hook-port',
    '0',
    '--no-open',
    '--data',
    data,
  ]
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await readyLine(host)
    const startMs = performance.now() - begun
    const cpuMs = cpuTime(host.pid ?? 0)
    await wait(SETTLED_MS)
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8')) ?? []
    return { startMs, cpuMs, idleMb: Number(kilobytes) / 1_024 }
  } finally {
    host.kill()
    await once(host, 'exit')
    rmSync(data, { recursive: true, force: true })
  }
}

/** Milliseconds that the threads of a process have worked; what else the machine does hardly changes it. */
function cpuTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const worked = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return worked.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6
}

async function readyLine(host: ChildProcess): Promise<void> {
  if (host.stdout === null) throw new Error('the host has no output')
  for await (const line of createInterface(host.stdout)) if (line.includes('"ready"')) return
  throw new Error('the host ended before it was ready')
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const folder = mkdtempSync(join(tmpdir(), 'hookline-connectors-'))
try {
  const programs = { few: build(join(folder, 'few'), 0), many: build(join(folder, 'many'), APPS) }
  const found = { few: [] as Awaited<ReturnType<typeof measure>>[], many: [] as Awaited<ReturnType<typeof measure>>[] }
  for (let round = 0; round < ROUNDS; round++) {
    // By turns, and each first as often as the other: the machine may get slower or faster meanwhile.
    const order = round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)
    for (const which of order) found[which].push(await measure(programs[which]))
  }
  let isOver = false
  for (const [what, unit] of [
    ['startMs', 'ms'],
    ['cpuMs', 'ms'],
    ['idleMb', 'MB'],
  ] as const) {
    const few = median(found.few.map((one) => one[what]))
    const many = median(found.many.map((one) => one[what]))
    // The time by the clock is shown, and not judged, as it depends on what else the machine does.
    if (what !== 'startMs') isOver ||= many > few * LIMIT
    console.log(
      `${what.padEnd(8)} ${few.toFixed(1)} ${unit} as it is, ${many.toFixed(1)} ${unit} with ${APPS * ACTIONS} more: ${(many / few).toFixed(3)}`,
    )
  }
  if (isOver) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
