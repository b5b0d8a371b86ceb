import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { end, spawnOwned } from '../owned-processes.ts'
import { answers, freePort, listens, type Program } from '../program.ts'
import { dataFile, hookPath, RELAY, SCRIPT, upTo, type Work } from '../work.ts'
import { installNewest, peerFolder } from './install.ts'

const main = join(peerFolder('node-red'), 'node_modules', 'node-red', 'red.js')

/** A webhook that is answered at once, and what is posted because of it. */
function flow(work: Work, n: number, targetUrl: string, folder: string): readonly unknown[] {
  const tab = `tab-${n}`
  const posts = upTo(work.steps).map((step) => `post-${n}-${step}`)
  const split = `split-${n}`
  const code = `code-${n}`
  const reads = work.csv === undefined ? [] : csvNodes(work.csv, tab, posts, folder)
  const func = `const body = msg.payload\n${SCRIPT}\nmsg.payload = made\nreturn msg`
  return [
    { id: tab, type: 'tab', label: `Bench ${n}` },
    {
      id: `in-${n}`,
      type: 'http in',
      z: tab,
      url: `/hooks/${hookPath(n)}`,
      method: 'post',
      upload: false,
      wires: [
        [`answer-${n}`, ...(reads.length > 0 ? ['csv-read'] : work.code ? [code] : work.perItem ? [split] : posts)],
      ],
    },
    { id: `answer-${n}`, type: 'http response', z: tab, statusCode: '200', headers: {}, wires: [] },
    ...(work.perItem ? [{ id: split, type: 'split', z: tab, arraySplt: 1, arraySpltType: 'len', wires: [posts] }] : []),
    ...(work.code ? [{ id: code, type: 'function', z: tab, func, outputs: 1, wires: [posts] }] : []),
    ...reads,
    ...posts.map((id) => ({
      id,
      type: 'http request',
      z: tab,
      method: 'POST',
      ret: 'obj',
      paytoqs: 'ignore',
      url: targetUrl,
      wires: [[]],
    })),
  ]
}

/** A CSV file read whole, and put in order. There is no node that makes groups. */
function csvNodes(does: NonNullable<Work['csv']>, tab: string, posts: readonly string[], folder: string): unknown[] {
  const count = {
    id: 'csv-count',
    type: 'function',
    z: tab,
    func: 'msg.payload = msg.payload.length\nreturn msg',
    outputs: 1,
    wires: [posts],
  }
  const sort = {
    id: 'csv-sort',
    type: 'sort',
    z: tab,
    order: 'ascending',
    as_num: true,
    target: 'payload',
    targetType: 'msg',
    msgKey: 'amount',
    msgKeyType: 'elem',
    seqKey: 'payload',
    seqKeyType: 'msg',
    wires: [['csv-count']],
  }
  return [
    {
      id: 'csv-read',
      type: 'file in',
      z: tab,
      filename: dataFile(folder),
      filenameType: 'str',
      format: 'utf8',
      allProps: false,
      wires: [['csv-rows']],
    },
    {
      id: 'csv-rows',
      type: 'csv',
      z: tab,
      spec: 'rfc',
      sep: ',',
      hdrin: true,
      multi: 'mult',
      temp: '',
      strings: true,
      include_empty_strings: true,
      wires: [[does === 'sort' ? 'csv-sort' : 'csv-count']],
    },
    ...(does === 'sort' ? [sort] : []),
    count,
  ]
}

const settings = (port: number): string =>
  `module.exports = ${JSON.stringify({
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    uiPort: port,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'warn' } },
  })}`

export const nodeRed: Program = {
  name: 'node-red',
  kind: 'product',
  share: 1,
  installed: () => existsSync(main),
  install: () => installNewest('node-red'),
  async start({ targetUrl, folder, work = RELAY }) {
    const port = await freePort()
    const flows = upTo(work.zaps).flatMap((n) => flow(work, n, targetUrl, folder))
    await writeFile(join(folder, 'flows.json'), JSON.stringify(flows))
    await writeFile(join(folder, 'settings.js'), settings(port))
    const child = spawnOwned([main, '-u', folder, '-s', join(folder, 'settings.js')])
    // Nobody reads what it prints; it must not wait for that.
    child.stdout?.resume()
    const hooks = upTo(work.zaps).map((n) => `http://127.0.0.1:${port}/hooks/${hookPath(n)}`)
    const hook = z.string().parse(hooks[0])
    if (work.csv === undefined) await answers(hook)
    else await listens(port)
    return { hook, hooks, pid: z.int().parse(child.pid), stop: (signal) => end(child, signal) }
  },
}
