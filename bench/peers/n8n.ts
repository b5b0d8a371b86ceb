import { existsSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { end, ownFolder, spawnOwned, within } from '../owned-processes.ts'
import { answers, freePort, type Program } from '../program.ts'
import { hookPath, ITEMS_AT_ONCE, RELAY, SCRIPT, upTo, type Work } from '../work.ts'
import { installNewest, peerFolder } from './install.ts'

const WORKFLOW = 'bench'
const main = join(peerFolder('n8n'), 'node_modules', 'n8n', 'bin', 'n8n')

const TARGET = 'HOOKLINE_BENCH_TARGET'

/** Loopback only, nothing sent home, nothing kept outside the folder. */
const environment = async (folder: string, port: number, targetUrl: string): Promise<Record<string, string>> => ({
  N8N_USER_FOLDER: folder,
  N8N_LISTEN_ADDRESS: '127.0.0.1',
  N8N_PORT: String(port),
  N8N_RUNNERS_BROKER_PORT: String(await freePort()),
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_DYNAMIC_BANNERS_ENABLED: 'false',
  N8N_HIRING_BANNER_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_COMMUNITY_PACKAGES_ENABLED: 'false',
  N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
  N8N_LOG_LEVEL: 'error',
  N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false',
  [TARGET]: targetUrl,
})

const wires = (names: readonly string[]): unknown => ({
  main: [names.map((node) => ({ node, type: 'main', index: 0 }))],
})

/** A webhook that is answered at once, and what is posted because of it. */
function branch(work: Work, n: number): { nodes: readonly unknown[]; connections: Readonly<Record<string, unknown>> } {
  const hook = `Hook ${n}`
  const split = `Split ${n}`
  const code = `Code ${n}`
  const jsCode = `const { body } = $input.first().json\n${SCRIPT}\nreturn [{ json: { body: made } }]`
  const posts = upTo(work.steps).map((step) => `Post ${n} ${step}`)
  const node = (name: string, type: string, typeVersion: number, x: number, parameters: unknown): unknown => ({
    id: name,
    ...(name === hook && { webhookId: name }),
    name,
    type: `n8n-nodes-base.${type}`,
    typeVersion,
    position: [x, n * 200],
    parameters,
  })
  return {
    nodes: [
      node(hook, 'webhook', 2, 0, { httpMethod: 'POST', path: hookPath(n), responseMode: 'onReceived' }),
      ...(work.perItem ? [node(split, 'splitOut', 1, 200, { fieldToSplitOut: 'body' })] : []),
      ...(work.code ? [node(code, 'code', 2, 200, { jsCode })] : []),
      ...posts.map((name) =>
        node(name, 'httpRequest', 4.2, 400, {
          method: 'POST',
          url: `={{ $env.${TARGET} }}`,
          sendBody: true,
          specifyBody: 'json',
          jsonBody: work.perItem ? '={{ JSON.stringify($json) }}' : '={{ JSON.stringify($json.body) }}',
          options: work.perItem ? { batching: { batch: { batchSize: ITEMS_AT_ONCE, batchInterval: 0 } } } : {},
        }),
      ),
    ],
    connections: work.code
      ? { [hook]: wires([code]), [code]: wires(posts) }
      : work.perItem
        ? { [hook]: wires([split]), [split]: wires(posts) }
        : { [hook]: wires(posts) },
  }
}

/** All of it in one workflow: to publish one takes seconds, and a workflow may have many webhooks. */
function workflow(work: Work): unknown {
  const branches = upTo(work.zaps).map((n) => branch(work, n))
  return {
    id: WORKFLOW,
    name: 'Bench',
    settings: {},
    nodes: branches.flatMap(({ nodes }) => nodes),
    connections: Object.assign({}, ...branches.map(({ connections }) => connections)),
  }
}

/** One of its commands, to its end. */
async function run(args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawnOwned([main, ...args], env)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    output += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const code = await within(120_000, `n8n ${args[0]}`, ended)
  if (code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${code}: ${output}`)
}

/** Folders with a workflow in them that is published, by what it does: to make one takes longer than n8n takes to start. */
const prepared = new Map<Work, string>()

async function prepare(work: Work): Promise<string> {
  const known = prepared.get(work)
  if (known !== undefined) return known
  const folder = await ownFolder()
  const env = await environment(folder, await freePort(), '')
  const file = join(folder, 'workflow.json')
  await writeFile(file, JSON.stringify(workflow(work)))
  await run(['import:workflow', `--input=${file}`], env)
  await run(['publish:workflow', `--id=${WORKFLOW}`], env)
  prepared.set(work, folder)
  return folder
}

export const n8n: Program = {
  name: 'n8n',
  kind: 'product',
  share: 0.01,
  installed: () => existsSync(main),
  install: () => installNewest('n8n', ['sqlite3', 'isolated-vm']),
  async start({ targetUrl, folder, work = RELAY }) {
    if (!existsSync(join(folder, '.n8n'))) await cp(await prepare(work), folder, { recursive: true })
    const port = await freePort()
    const child = spawnOwned([main, 'start'], await environment(folder, port, targetUrl))
    // Nobody reads what it prints; it must not wait for that.
    child.stdout?.resume()
    const hooks = upTo(work.zaps).map((n) => `http://127.0.0.1:${port}/webhook/${hookPath(n)}`)
    const hook = z.string().parse(hooks[0])
    await answers(hook)
    return { hook, hooks, pid: z.int().parse(child.pid), stop: (signal) => end(child, signal) }
  },
}
