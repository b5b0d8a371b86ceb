// The least that a relay can do: node:http in, undici out. With a database file it first commits two rows with FULL, and waits.
import { createServer } from 'node:http'
import { Agent, request as call } from 'undici'
import { sayWhere } from './say-where.ts'
import { openTwoRows } from './two-rows.ts'

const [target = '', file] = process.argv.slice(2)
const agent = new Agent()
const commit = file === undefined ? undefined : openTwoRows(file, 'FULL')

async function forward(body: string): Promise<void> {
  const answer = await call(target, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body,
  })
  await answer.body.dump()
}

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    JSON.parse(body)
    commit?.(body)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"status":"accepted"}')
    // A target that is down loses the event; a limit promises nothing.
    forward(body).catch(() => undefined)
  })
})
server.listen(0, '127.0.0.1', () => sayWhere(server))
